using System.Data.Common;
using Akka.Configuration;

namespace Akka.Persistence.Sql.Database;

/// <summary>What differs between the databases.</summary>
internal abstract class SqlDialect(string connectionString)
{
    protected string ConnectionString { get; } = connectionString;

    /// <summary>The statements that lead to each version of the schema from the one before it.</summary>
    internal abstract IReadOnlyList<IReadOnlyList<string>> SchemaVersions { get; }

    /// <summary>Begins the transaction that changes the schema, so that only one process does it at a time.</summary>
    internal virtual string? LockSchema => null;

    /// <summary>The literal for a row that is not deleted.</summary>
    internal abstract string NotDeleted { get; }

    /// <summary>The literal for a row that is deleted.</summary>
    internal abstract string Deleted { get; }

    /// <summary>Returns a query that counts the tables of a name: 0 or 1.</summary>
    internal abstract string CountTables(string name);

    /// <summary>Opens a connection on which a commit is durable.</summary>
    internal abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Inserts rows in their order. Fails with <see cref="OutOfSequenceException"/> or a duplicate key when the
    /// stored rows of a persistence id do not end right before those given.
    /// </summary>
    internal abstract Task InsertAsync(
        DbTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken);

    /// <summary>Whether a row with that key was there already.</summary>
    internal abstract bool IsDuplicateKey(DbException failure);

    /// <summary>Whether the rows of one writer are at fault, not the database.</summary>
    internal bool IsFaultOfOneWriter(DbException failure) =>
        failure is OutOfSequenceException || IsDuplicateKey(failure);

    /// <summary>Returns a failure that says what happened to which database and what mends it.</summary>
    internal IOException Explain(DbException failure) =>
        new($"{Describe(failure)} ({failure.GetBaseException().Message})", failure);

    /// <summary>Says in a clause what happened to which database and, behind a colon, what mends it.</summary>
    protected abstract string Describe(DbException failure);

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
