using System.Data.Common;

namespace Lb.Cluster.Database;

/// <summary>The database that the nodes of a site share. Its tables are made at its first use.</summary>
public sealed class ClusterDatabase
{
    private readonly Lock _lock = new();
    private Task? _schema;

    private ClusterDatabase(ClusterDialect dialect)
    {
        Dialect = dialect;
    }

    /// <summary>Whether changes are told to those who listen, or have to be looked for.</summary>
    public bool TellsOfChanges => Dialect.Notify(string.Empty) is not null;

    internal ClusterDialect Dialect { get; }

    /// <summary>Returns the database of a provider: SQLite or PostgreSQL, whatever stands behind the name.</summary>
    public static ClusterDatabase Of(string providerName, string connectionString)
    {
        if (string.IsNullOrEmpty(connectionString))
        {
            throw new ArgumentException("The connection string of the cluster's database is missing");
        }

        return providerName switch
        {
            _ when providerName.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase) =>
                new ClusterDatabase(new SqliteClusterDialect(connectionString)),
            _ when providerName.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase) =>
                new ClusterDatabase(new PostgresClusterDialect(connectionString)),
            _ => throw new ArgumentException(
                $"The provider of the cluster's database is [{providerName}]: expected SQLite or PostgreSQL"),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Dialect.Describe();

    /// <summary>
    /// Does work on a connection of its own, off the caller's thread. Whatever the database does, this ends in time;
    /// work that was too slow may still be done afterwards.
    /// </summary>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="DbException">It failed.</exception>
    internal async Task<T> RunAsync<T>(
        Func<DbConnection, CancellationToken, Task<T>> work, TimeSpan timeout, TimeProvider time)
    {
        using var end = new CancellationTokenSource();
        var token = end.Token;
        var run = Task.Run(
            async () =>
            {
                await using var connection = await OpenAsync(token);
                return await work(connection, token);
            },
            CancellationToken.None);
        try
        {
            return await run.WaitAsync(timeout, time);
        }
        catch (TimeoutException e) when (!run.IsCompleted)
        {
            await end.CancelAsync();
            _ = run.ContinueWith(
                late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default);
            throw new TimeoutException($"The {this} did not answer within {timeout}", e);
        }
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await EnsureSchemaAsync().WaitAsync(cancellationToken);
        return await Dialect.OpenAsync(cancellationToken);
    }

    // All who wait share an attempt. A failure is not remembered: whoever comes next tries again.
    private Task EnsureSchemaAsync()
    {
        lock (_lock)
        {
            return _schema is { IsFaulted: false, IsCanceled: false } ? _schema : _schema = Task.Run(EnsureAsync);
        }
    }

    private async Task EnsureAsync()
    {
        await using var connection = await Dialect.OpenAsync(CancellationToken.None);
        await ClusterSchema.EnsureAsync(Dialect, connection, CancellationToken.None);
    }
}
