using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Lb.Cluster.Database;

/// <summary>SQLite: a file that several processes of one host share. Its clock is the host's.</summary>
internal sealed class SqliteClusterDialect(string connectionString) : ClusterDialect(connectionString)
{
    // How long to wait while another process writes; what a caller waits for in all is its own affair.
    private const int BusyMilliseconds = 5000;

    internal override string Now => "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    internal override string Greatest => "MAX";

    internal override string Long => "INTEGER";

    internal override string ForUpdate => string.Empty;

    internal override string CountTables(string name) =>
        $"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '{name}'";

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var setup = connection.CreateCommand();
            setup.CommandText =
                $"""
                 PRAGMA busy_timeout = {BusyMilliseconds};
                 PRAGMA synchronous = FULL;
                 PRAGMA journal_mode = WAL
                 """;
            await setup.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Takes the lock for writing at once: one that reads first could not have it any more when another wrote meanwhile.
    internal override ValueTask<DbTransaction> BeginAsync(
        DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(deferred: false));

    internal override string Describe() =>
        $"SQLite database [{new SqliteConnectionStringBuilder(ConnectionString).DataSource}]";
}
