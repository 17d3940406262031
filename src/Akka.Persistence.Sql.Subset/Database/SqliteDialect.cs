using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Database;

/// <summary>SQLite: a write-ahead log that is flushed at each commit.</summary>
internal sealed partial class SqliteDialect(string connectionString) : SqlDialect(connectionString)
{
    private readonly SqliteConnectionStringBuilder _settings = new(connectionString);

    internal override string NotDeleted => "0";

    internal override string Deleted => "1";

    internal override string CountTables(string name) =>
        $"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '{name}'";

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var setup = connection.CreateCommand();

            // The log is copied into the file at 16 MiB, not at 4: a large commit alone has 4, for the index is written
            // all over, and each copy is flushed too. How long to wait while another process writes is the connection
            // string's Default Timeout.
            setup.CommandText =
                $"""
                 PRAGMA busy_timeout = {_settings.DefaultTimeout * 1000L};
                 PRAGMA wal_autocheckpoint = 4096;
                 PRAGMA synchronous = FULL;
                 PRAGMA journal_mode = WAL
                 """;
            await RequireWriteAheadLogAsync(setup, cancellationToken);
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
            SELECT @created, @deleted, @id, @number, @message, @manifest, @serializer, @writer
            WHERE @number = 1 + COALESCE((SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id), 0)
            """;
        string[] names =
            ["@created", "@deleted", "@id", "@number", "@message", "@manifest", "@serializer", "@writer"];
        foreach (var name in names)
        {
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        foreach (var row in rows)
        {
            object[] values =
            [
                row.Created, row.Deleted, row.PersistenceId, row.SequenceNumber, row.Message, row.Manifest,
                row.Identifier, row.WriterUuid,
            ];
            for (var i = 0; i < values.Length; i++)
            {
                insert.Parameters[i].Value = values[i];
            }

            if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                await using var last = SqlDatabase.Command(
                    transaction.Connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id",
                    ("@id", row.PersistenceId));
                var highest = await last.ExecuteScalarAsync(cancellationToken) is long number ? number : 0;
                throw OutOfSequenceException.Of(row.PersistenceId, row.SequenceNumber, highest);
            }
        }
    }

    private async Task RequireWriteAheadLogAsync(SqliteCommand setup, CancellationToken cancellationToken)
    {
        // The answer of the last statement; the others have none or one that does not matter.
        object? mode = null;
        await using var reader = await setup.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                mode = reader.GetValue(0);
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        if (mode is not "wal")
        {
            throw new InvalidDataException(
                $"The SQLite database [{_settings.DataSource}] keeps no write-ahead log (its journal mode is {mode}): "
                + "it must be a file on a local disk");
        }
    }
}
