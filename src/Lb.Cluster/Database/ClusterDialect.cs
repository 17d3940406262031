using System.Data.Common;

namespace Lb.Cluster.Database;

/// <summary>What differs between the databases that a cluster can share.</summary>
internal abstract class ClusterDialect(string connectionString)
{
    protected string ConnectionString { get; } = connectionString;

    /// <summary>The database's clock: an expression for its milliseconds since 1970.</summary>
    internal abstract string Now { get; }

    /// <summary>The name of the function that returns the greatest of its arguments.</summary>
    internal abstract string Greatest { get; }

    /// <summary>The type of a column of 64 bits.</summary>
    internal abstract string Long { get; }

    /// <summary>Is run first in a transaction that changes tables, so that one process at a time does.</summary>
    internal virtual string? LockSchema => null;

    /// <summary>Is put behind a query of a row that the transaction is going to change.</summary>
    internal abstract string ForUpdate { get; }

    /// <summary>Returns a query that counts the tables of a name: 0 or 1.</summary>
    internal abstract string CountTables(string name);

    /// <summary>Opens a connection on which a commit is durable.</summary>
    internal abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that is going to write.</summary>
    internal abstract ValueTask<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Tells all who listen to a channel, when the transaction commits. Not every database can.</summary>
    internal virtual string? Notify(string channel) => null;

    /// <summary>
    /// Waits for a message on a channel and calls <paramref name="heard"/> for each, and once when it has begun to
    /// listen. Ends with the connection's failure, or at once where the database knows no messages.
    /// </summary>
    internal virtual Task ListenAsync(string channel, Action heard, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Names the database for a reader of a log, with no password.</summary>
    internal abstract string Describe();
}
