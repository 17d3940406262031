using System.Data.Common;
using Npgsql;

namespace Akka.Persistence.Sql.Database;

/// <summary>PostgreSQL: the rows of a batch go in one statement.</summary>
internal sealed partial class PostgresDialect(string connectionString) : SqlDialect(connectionString)
{
    private readonly NpgsqlConnectionStringBuilder _settings = new(connectionString);

    // Any number will do that all processes share.
    internal override string LockSchema => "SELECT pg_advisory_xact_lock(710100)";

    internal override string NotDeleted => "FALSE";

    internal override string Deleted => "TRUE";

    // Not to_regclass: a session may go on to answer as it did before another one created the table.
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

    internal override async Task InsertAsync(
        DbTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken)
    {
        await using var insert = transaction.Connection!.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText =
            """
            INSERT INTO journal
                (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            SELECT * FROM unnest(@created, @deleted, @ids, @numbers, @messages, @manifests, @serializers, @writers)
            """;
        Add("created", rows.Select(row => row.Created));
        Add("deleted", rows.Select(row => row.Deleted));
        Add("ids", rows.Select(row => row.PersistenceId));
        Add("numbers", rows.Select(row => row.SequenceNumber));
        Add("messages", rows.Select(row => row.Message));
        Add("manifests", rows.Select(row => row.Manifest));
        Add("serializers", rows.Select(row => row.Identifier));
        Add("writers", rows.Select(row => row.WriterUuid));
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await RequireSequenceAsync(transaction, rows, cancellationToken);

        void Add<T>(string name, IEnumerable<T> values) =>
            insert.Parameters.Add(new NpgsqlParameter<T[]>(name, [.. values]));
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

    // Behind the insertion, because this statement sees all that was committed before it: a writer whose numbers are
    // free, for the rows that had them were deleted, is found out too.
    private static async Task RequireSequenceAsync(
        DbTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken)
    {
        var writes = rows.GroupBy(row => row.PersistenceId, row => row.SequenceNumber)
            .Select(numbers => (Id: numbers.Key, First: numbers.Min(), Last: numbers.Max()))
            .ToList();
        await using var check = (NpgsqlCommand)transaction.Connection!.CreateCommand();
        check.Transaction = (NpgsqlTransaction)transaction;
        check.CommandText =
            """
            SELECT * FROM (
                SELECT w.id, w.first,
                    (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = w.id) AS highest, w.last,
                    (SELECT MAX(sequence_number) FROM journal
                        WHERE persistence_id = w.id AND sequence_number < w.first) AS previous
                FROM unnest(@ids, @firsts, @lasts) AS w(id, first, last)) AS written
            WHERE highest <> last OR COALESCE(previous, 0) <> first - 1
            LIMIT 1
            """;
        check.Parameters.Add(new NpgsqlParameter<string[]>("ids", [.. writes.Select(write => write.Id)]));
        check.Parameters.Add(new NpgsqlParameter<long[]>("firsts", [.. writes.Select(write => write.First)]));
        check.Parameters.Add(new NpgsqlParameter<long[]>("lasts", [.. writes.Select(write => write.Last)]));
        await using var reader = await check.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            var highest = reader.GetInt64(2) > reader.GetInt64(3)
                ? reader.GetInt64(2)
                : reader.IsDBNull(4) ? 0 : reader.GetInt64(4);
            throw OutOfSequenceException.Of(reader.GetString(0), reader.GetInt64(1), highest);
        }
    }
}
