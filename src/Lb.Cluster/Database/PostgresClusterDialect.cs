using System.Data.Common;
using Npgsql;

namespace Lb.Cluster.Database;

/// <summary>PostgreSQL: one server for all nodes, whose clock all leases go by.</summary>
internal sealed class PostgresClusterDialect(string connectionString) : ClusterDialect(Bounded(connectionString))
{
    private const int KeepAliveSeconds = 5;

    // A member of a site asks for little: a server that is away must not be waited for longer than this.
    private const int ConnectSeconds = 5;

    private const int Connections = 8;

    internal override string Now => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    internal override string Greatest => "GREATEST";

    internal override string Long => "BIGINT";

    // Any number will do that all processes share, and that the journal's tables do not.
    internal override string LockSchema => "SELECT pg_advisory_xact_lock(710600)";

    internal override string ForUpdate => "FOR UPDATE";

    internal override string CountTables(string name) =>
        $"SELECT COUNT(*) FROM pg_tables WHERE tablename = '{name}' AND schemaname = ANY (current_schemas(false))";

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            try
            {
                await SetUpAsync(connection, cancellationToken);
            }
            catch (NpgsqlException) when (!cancellationToken.IsCancellationRequested)
            {
                // It was in the pool while the server restarted; so were the others there. A new one tells.
                await connection.CloseAsync();
                NpgsqlConnection.ClearPool(connection);
                await connection.OpenAsync(cancellationToken);
                await SetUpAsync(connection, cancellationToken);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal override ValueTask<DbTransaction> BeginAsync(
        DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(cancellationToken);

    internal override string Notify(string channel) => $"SELECT pg_notify('{channel}', '')";

    internal override async Task ListenAsync(string channel, Action heard, CancellationToken cancellationToken)
    {
        // Outside of the pool: a connection that listens stays, and a dead one is noticed by its keep-alive.
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Pooling = false,
            KeepAlive = KeepAliveSeconds,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Notification += (_, _) => heard();
        await connection.OpenAsync(cancellationToken);
        await using (var listen = connection.CreateCommand())
        {
            listen.CommandText = $"LISTEN \"{channel}\"";
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // Whatever changed before is not told any more: it has to be read.
        heard();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    internal override string Describe()
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        return $"PostgreSQL database [{settings.Database}] at [{settings.Host}:{settings.Port}]";
    }

    private static string Bounded(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Timeout = Math.Min(settings.Timeout, ConnectSeconds);
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, Connections);
        settings.ApplicationName ??= "lb cluster";
        return settings.ConnectionString;
    }

    // Durable on the server and its synchronous standbys, whatever the server's default is.
    private static async Task SetUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var setup = connection.CreateCommand();
        setup.CommandText =
            """
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') <> 'remote_apply'
            """;
        await setup.ExecuteNonQueryAsync(cancellationToken);
    }
}
