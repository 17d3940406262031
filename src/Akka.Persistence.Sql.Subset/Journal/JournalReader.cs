using System.Data.Common;
using Akka.Persistence.Sql.Database;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// Reads events back. The numbers of the rows of a persistence id have no gap, so a row that is gone is noticed as
/// well as one that cannot be read.
/// </summary>
internal sealed class JournalReader(SqlDatabase database, Serialization.Serialization serialization)
{
    private const string Replay =
        """
        SELECT sequence_number, deleted, ordering, created, message, manifest, identifier, writer_uuid FROM journal
        WHERE persistence_id = @id AND sequence_number >= @from ORDER BY sequence_number
        """;

    /// <summary>Returns the highest number stored, which must be at least that of the snapshot.</summary>
    internal Task<long> ReadHighestAsync(string persistenceId, long snapshot, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                await using var command = SqlDatabase.Command(
                    connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id",
                    ("@id", persistenceId));
                var highest = await command.ExecuteScalarAsync(cancellationToken) is long number ? number : 0;
                return highest >= snapshot ? highest : throw new InvalidDataException(
                    $"Rows are missing from table journal: the events of [{persistenceId}] end at sequence number "
                    + $"{highest}, but there is a snapshot at {snapshot}");
            },
            cancellationToken);

    /// <summary>Calls back with each event from one number to another, at most so many.</summary>
    internal Task ReplayAsync(
        string persistenceId, long from, long to, long max, Action<IPersistentRepresentation> callback) =>
        database.RunAsync(
            async connection =>
            {
                await using var command = SqlDatabase.Command(
                    connection, Replay, ("@id", persistenceId), ("@from", from));
                await using var reader = await command.ExecuteReaderAsync();
                var next = from;
                for (var left = max; left > 0 && next <= to;)
                {
                    if (!await reader.ReadAsync())
                    {
                        throw Missing(persistenceId, next, "there is none behind it");
                    }

                    var row = Read(reader, persistenceId);

                    // Deletion from the start leaves the last row it met, marked.
                    if (row.SequenceNr != next && !(row.IsDeleted && next == 1))
                    {
                        throw Missing(persistenceId, next, $"the next row has number {row.SequenceNr}");
                    }

                    if (!row.IsDeleted)
                    {
                        callback(row);
                        left--;
                    }

                    next = row.SequenceNr + 1;
                }

                return Done.Instance;
            },
            CancellationToken.None);

    private Persistent Read(DbDataReader row, string persistenceId)
    {
        try
        {
            var deleted = Convert.ToBoolean(row.GetValue(1));
            return new Persistent(
                deleted
                    ? Done.Instance
                    : serialization.Deserialize((byte[])row.GetValue(4), row.GetInt32(6), row.GetString(5)),
                row.GetInt64(0), persistenceId, isDeleted: deleted, writerGuid: row.GetString(7),
                timestamp: row.GetInt64(3));
        }
        catch (Exception e)
        {
            throw new InvalidDataException(
                $"Row {row.GetValue(2)} of table journal (persistence id [{persistenceId}], sequence number "
                + $"{row.GetValue(0)}, manifest [{row.GetValue(5)}], serializer {row.GetValue(6)}) cannot be read: "
                + e.Message,
                e);
        }
    }

    private static InvalidDataException Missing(string persistenceId, long number, string next) => new(
        $"A row is missing from table journal: persistence id [{persistenceId}], sequence number {number}; {next}");
}
