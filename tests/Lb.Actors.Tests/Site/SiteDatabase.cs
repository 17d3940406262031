using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Lb.Actors.Wire;
using Lb.Persistence;
using Microsoft.Data.Sqlite;

namespace Lb.Actors.Tests;

/// <summary>
/// A journal in an SQLite file, which outlives nodes and can be made to fail; with <see cref="Shared"/> for what nodes share in
/// another file.
/// </summary>
internal sealed class SiteDatabase : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-site-");

    private readonly string? _own;

    public SiteDatabase()
    {
    }

    private SiteDatabase(string own) => _own = own;

    private string ConnectionString => $"Data Source={Path.Combine(_directory.FullName, "test.db")}";

    /// <summary>One that nodes share, while each has this one for what is its own.</summary>
    public SiteDatabase Shared() => new(ConnectionString);

    /// <summary>For the actor system of a node.</summary>
    public ActorSystemSetup Setup => ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
            $$"""
              akka {
                stdout-loglevel = OFF
                loglevel = OFF
                persistence {
                  journal {
                    plugin = "akka.persistence.journal.sql"
                    {{Plugin("sql", typeof(SqlWriteJournal), _own ?? ConnectionString)}}
                    {{Plugin("shared", typeof(SqlWriteJournal), ConnectionString)}}
                  }
                  snapshot-store {
                    known.class = "{{typeof(KnownSnapshotStore).AssemblyQualifiedName}}"
                    plugin = "akka.persistence.snapshot-store.sql"
                    {{Plugin("sql", typeof(SqlSnapshotStore), _own ?? ConnectionString)}}
                    {{Plugin("shared", typeof(SqlSnapshotStore), ConnectionString)}}
                  }
                }
              }
              """)),
        JsonContractSerializer.Setup(WireContracts.Create()));

    /// <summary>From now on the journal can be neither read nor written.</summary>
    public void Break() =>
        Execute("ALTER TABLE journal RENAME TO away; UPDATE schema_version SET version = version + 100");

    public void Mend() =>
        Execute("ALTER TABLE away RENAME TO journal; UPDATE schema_version SET version = version - 100");

    public void Execute(string statement)
    {
        using SqliteConnection connection = new(ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>Counts rows; there is none in a table that a plug-in has yet to make.</summary>
    public long Count(string question)
    {
        using SqliteConnection connection = new(ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = question;
        try
        {
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException e) when (e.Message.Contains("no such table"))
        {
            return 0;
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    private static string Plugin(string name, Type type, string connection) => $$"""
        {{name}} {
          class = "{{type.AssemblyQualifiedName}}"
          connection-string = "{{connection}}"
          provider-name = "SQLite.MS"
          auto-initialize = on
        }
        """;
}
