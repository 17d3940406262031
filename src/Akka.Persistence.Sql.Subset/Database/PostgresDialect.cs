using System.Data.Common;
using Npgsql;

namespace Akka.Persistence.Sql.Database;

/// <summary>PostgreSQL: the rows of a batch go in one statement.</summary>
internal sealed class PostgresDialect(string connectionString) : SqlDialect(connectionString)
{
    internal override IReadOnlyList<string> CreateTables =>
    [
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS journal (
            ordering BIGSERIAL PRIMARY KEY,
            created BIGINT NOT NULL,
            deleted BOOLEAN NOT NULL DEFAULT FALSE,
            persistence_id TEXT NOT NULL,
            sequence_number BIGINT NOT NULL,
            message BYTEA NOT NULL,
            manifest TEXT NOT NULL,
            identifier INTEGER NOT NULL,
            writer_uuid TEXT NOT NULL,
            UNIQUE (persistence_id, sequence_number))
        """,
        """
        CREATE TABLE IF NOT EXISTS tags (
            ordering_id BIGINT NOT NULL,
            tag TEXT NOT NULL,
            sequence_nr BIGINT NOT NULL,
            persistence_id TEXT NOT NULL,
            PRIMARY KEY (ordering_id, tag))
        """,
        """
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id TEXT NOT NULL,
            sequence_number BIGINT NOT NULL,
            created BIGINT NOT NULL,
            snapshot BYTEA NOT NULL,
            manifest TEXT NOT NULL,
            serializer_id INTEGER NOT NULL,
            PRIMARY KEY (persistence_id, sequence_number))
        """,
    ];

    // Any number will do that all processes share.
    internal override string LockSchema => "SELECT pg_advisory_xact_lock(710100)";

    internal override string NotDeleted => "FALSE";

    internal override string Deleted => "TRUE";

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var setup = connection.CreateCommand();
            setup.CommandText = "SET synchronous_commit = on";
            await setup.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal override bool IsDuplicateKey(DbException failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    internal override async Task InsertAsync(
        DbTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken)
    {
        await using var insert = transaction.Connection!.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText =
            """
            INSERT INTO journal
                (created, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            SELECT * FROM unnest(@created, @ids, @numbers, @messages, @manifests, @serializers, @writers)
            """;
        Add("created", rows.Select(row => row.Created).ToArray());
        Add("ids", rows.Select(row => row.PersistenceId).ToArray());
        Add("numbers", rows.Select(row => row.SequenceNumber).ToArray());
        Add("messages", rows.Select(row => row.Message).ToArray());
        Add("manifests", rows.Select(row => row.Manifest).ToArray());
        Add("serializers", rows.Select(row => row.Identifier).ToArray());
        Add("writers", rows.Select(row => row.WriterUuid).ToArray());
        await insert.ExecuteNonQueryAsync(cancellationToken);

        void Add<T>(string name, T value) => insert.Parameters.Add(new NpgsqlParameter<T>(name, value));
    }
}
