using System.Data.Common;
using Akka.Configuration;

namespace Akka.Persistence.Sql.Database;

/// <summary>What differs between the databases.</summary>
internal abstract class SqlDialect(string connectionString)
{
    protected string ConnectionString { get; } = connectionString;

    /// <summary>The statements that create what is not there.</summary>
    internal abstract IReadOnlyList<string> CreateTables { get; }

    /// <summary>Run first in the transaction that creates the tables, so that only one process does it at a time.</summary>
    internal virtual string? LockSchema => null;

    /// <summary>The literal for a row that is not deleted.</summary>
    internal abstract string NotDeleted { get; }

    /// <summary>The literal for a row that is deleted.</summary>
    internal abstract string Deleted { get; }

    /// <summary>Opens a connection on which a commit is durable.</summary>
    internal abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Whether a row with that key was there already.</summary>
    internal abstract bool IsDuplicateKey(DbException failure);

    /// <summary>Inserts rows in their order; fails when the key of any is taken.</summary>
    internal abstract Task InsertAsync(
        DbTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken);

    internal static SqlDialect From(Config config, string path)
    {
        var connectionString = config.GetString("connection-string");
        var provider = config.GetString("provider-name") ?? string.Empty;
        return string.IsNullOrEmpty(connectionString)
            ? throw new ConfigurationException($"[{path}.connection-string] is not configured")
            : provider switch
            {
                _ when provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase) =>
                    new SqliteDialect(connectionString),
                _ when provider.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase) =>
                    new PostgresDialect(connectionString),
                _ => throw new ConfigurationException(
                    $"[{path}.provider-name] is [{provider}]: expected SQLite or PostgreSQL"),
            };
    }
}

/// <summary>A row of the journal.</summary>
internal sealed record JournalRow(
    string PersistenceId, long SequenceNumber, long Created, byte[] Message, string Manifest, int Identifier,
    string WriterUuid);
