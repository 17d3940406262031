using System.Text;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;

namespace Akka.Persistence.Sql.Hosting;

/// <summary>Configures persistence in a database.</summary>
public static class HostingExtensions
{
    /// <summary>Adds a journal and a snapshot store in SQLite or PostgreSQL.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">How the database is reached.</param>
    /// <param name="providerName">Which database it is: begins with SQLite or PostgreSQL.</param>
    /// <param name="mode">Which of the two are added.</param>
    /// <param name="schemaName">Must not be given: the tables are in the default schema.</param>
    /// <param name="journalBuilder">Says more about the journal.</param>
    /// <param name="snapshotBuilder">Says more about the snapshot store.</param>
    /// <param name="autoInitialize">Whether missing tables are created.</param>
    /// <param name="pluginIdentifier">The last part of the plug-ins' paths.</param>
    /// <param name="isDefaultPlugin">Whether the actors that name no plug-in use these.</param>
    /// <param name="databaseMapping">Must be the default.</param>
    /// <param name="tagStorageMode">Of no effect: events have no tags.</param>
    /// <param name="deleteCompatibilityMode">Must not be set.</param>
    /// <param name="useWriterUuidColumn">Must not be cleared.</param>
    /// <param name="maxConcurrentQueries">Of no effect: there are no queries.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="NotSupportedException">Akka.NET could do it, this part of it cannot.</exception>
    public static AkkaConfigurationBuilder WithSqlPersistence(
        this AkkaConfigurationBuilder builder,
        string connectionString,
        string providerName,
        PersistenceMode mode = PersistenceMode.Both,
        string? schemaName = null,
        Action<AkkaPersistenceJournalBuilder>? journalBuilder = null,
        Action<AkkaPersistenceSnapshotBuilder>? snapshotBuilder = null,
        bool autoInitialize = true,
        string pluginIdentifier = "sql",
        bool isDefaultPlugin = true,
        DatabaseMapping? databaseMapping = null,
        TagMode? tagStorageMode = null,
        bool? deleteCompatibilityMode = null,
        bool? useWriterUuidColumn = null,
        int? maxConcurrentQueries = null)
    {
        RequireText(connectionString, nameof(connectionString));
        RequireText(providerName, nameof(providerName));
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Both, Journal or SnapshotStore");
        }

        if (journalBuilder is not null && mode is PersistenceMode.SnapshotStore)
        {
            throw new ArgumentException("There is no journal to configure", nameof(journalBuilder));
        }

        if (schemaName is not null || databaseMapping is not (null or DatabaseMapping.Default)
            || deleteCompatibilityMode is true || useWriterUuidColumn is false)
        {
            throw new NotSupportedException("The tables have one layout here: that of Akka.Persistence.Sql by default");
        }

        var hocon = new StringBuilder();
        if (mode is not PersistenceMode.SnapshotStore)
        {
            journalBuilder?.Invoke(new());
            AddPlugin("journal", typeof(SqlWriteJournal));
        }

        if (mode is not PersistenceMode.Journal)
        {
            snapshotBuilder?.Invoke(new());
            AddPlugin("snapshot-store", typeof(SqlSnapshotStore));
        }

        return builder.AddHocon(hocon.ToString(), HoconAddMode.Prepend);

        void AddPlugin(string kind, Type type)
        {
            var path = $"akka.persistence.{kind}";
            if (isDefaultPlugin)
            {
                hocon.AppendLine($"{path}.plugin = {path}.{pluginIdentifier}");
            }

            hocon.AppendLine(
                $$"""
                {{path}}.{{pluginIdentifier}} {
                  class = {{Quoted(type.AssemblyQualifiedName!)}}
                  connection-string = {{Quoted(connectionString)}}
                  provider-name = {{Quoted(providerName)}}
                  auto-initialize = {{(autoInitialize ? "on" : "off")}}
                }
                """);
        }
    }

    private static void RequireText(string text, string name)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentNullException(name, "There must be one");
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
