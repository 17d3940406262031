using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Database;

/// <summary>SQLite: a write-ahead log that is flushed at each commit.</summary>
internal sealed class SqliteDialect(string connectionString) : SqlDialect(connectionString)
{
    private const int PrimaryKeyTaken = 1555;
    private const int UniqueKeyTaken = 2067;

    internal override IReadOnlyList<string> CreateTables =>
    [
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER PRIMARY KEY AUTOINCREMENT,
            created INTEGER NOT NULL,
            deleted INTEGER NOT NULL DEFAULT 0,
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            message BLOB NOT NULL,
            manifest TEXT NOT NULL,
            identifier INTEGER NOT NULL,
            writer_uuid TEXT NOT NULL,
            UNIQUE (persistence_id, sequence_number))
        """,
        """
        CREATE TABLE IF NOT EXISTS tags (
            ordering_id INTEGER NOT NULL,
            tag TEXT NOT NULL,
            sequence_nr INTEGER NOT NULL,
            persistence_id TEXT NOT NULL,
            PRIMARY KEY (ordering_id, tag))
        """,
        """
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            created INTEGER NOT NULL,
            snapshot BLOB NOT NULL,
            manifest TEXT NOT NULL,
            serializer_id INTEGER NOT NULL,
            PRIMARY KEY (persistence_id, sequence_number))
        """,
    ];

    internal override string NotDeleted => "0";

    internal override string Deleted => "1";

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var setup = connection.CreateCommand();

            // The log is copied into the file at 16 MiB, not at 4: a large commit alone has 4, for the index is written
            // all over, and each copy is flushed too.
            setup.CommandText =
                "PRAGMA wal_autocheckpoint = 4096; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL";
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
        failure is SqliteException { SqliteExtendedErrorCode: PrimaryKeyTaken or UniqueKeyTaken };

    internal override async Task InsertAsync(
        DbTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellationToken)
    {
        await using var insert = transaction.Connection!.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText =
            """
            INSERT INTO journal
                (created, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (@created, @id, @number, @message, @manifest, @serializer, @writer)
            """;
        string[] names = ["@created", "@id", "@number", "@message", "@manifest", "@serializer", "@writer"];
        foreach (var name in names)
        {
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        foreach (var row in rows)
        {
            insert.Parameters[0].Value = row.Created;
            insert.Parameters[1].Value = row.PersistenceId;
            insert.Parameters[2].Value = row.SequenceNumber;
            insert.Parameters[3].Value = row.Message;
            insert.Parameters[4].Value = row.Manifest;
            insert.Parameters[5].Value = row.Identifier;
            insert.Parameters[6].Value = row.WriterUuid;
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
