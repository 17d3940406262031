using System.Data.Common;
using Npgsql;

namespace Akka.Persistence.Sql.Database;

/// <summary>PostgreSQL: the rows of a batch go in one statement.</summary>
internal sealed partial class PostgresDialect(string connectionString) : SqlDialect(connectionString)
{
    // The second statement sees all that was committed before it. So it finds out a writer whose numbers are free
    // because the rows that had them were deleted, too: there are higher ones.
    private const string InsertAndCheck =
        """
        INSERT INTO journal
            (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT * FROM unnest(@created, @deleted, @ids, @numbers, @messages, @manifests, @serializers, @writers);
        SELECT id, first, CASE WHEN highest > last THEN highest ELSE previous END FROM (
            SELECT w.id, w.first, w.last,
                (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = w.id) AS highest,
                COALESCE(
                    (SELECT MAX(sequence_number) FROM journal
                        WHERE persistence_id = w.id AND sequence_number < w.first), 0) AS previous
            FROM unnest(@writtenIds, @firsts, @lasts) AS w(id, first, last)) AS written
        WHERE highest > last OR previous <> first - 1 LIMIT 1
        """;

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
        insert.CommandText = InsertAndCheck;
        Add("created", rows.Select(row => row.Created));
        Add("deleted", rows.Select(row => row.Deleted));
        Add("ids", rows.Select(row => row.PersistenceId));
        Add("numbers", rows.Select(row => row.SequenceNumber));
        Add("messages", rows.Select(row => row.Message));
        Add("manifests", rows.Select(row => row.Manifest));
        Add("serializers", rows.Select(row => row.Identifier));
        Add("writers", rows.Select(row => row.WriterUuid));
        var writes = rows.GroupBy(row => row.PersistenceId, row => row.SequenceNumber).ToList();
        Add("writtenIds", writes.Select(numbers => numbers.Key));
        Add("firsts", writes.Select(numbers => numbers.Min()));
        Add("lasts", writes.Select(numbers => numbers.Max()));
        await using var misplaced = await insert.ExecuteReaderAsync(cancellationToken);
        if (await misplaced.ReadAsync(cancellationToken))
        {
            throw OutOfSequenceException.Of(misplaced.GetString(0), misplaced.GetInt64(1), misplaced.GetInt64(2));
        }

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
}
