using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Database;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// A journal in SQLite or PostgreSQL. Of two writers of one persistence id the second loses: the key of its row is
/// taken.
/// </summary>
public class SqlWriteJournal : AsyncWriteJournal
{
    private readonly SqlDatabase _database;
    private readonly WriteQueue _queue;
    private readonly Serialization.Serialization _serialization;

    /// <summary>Creates the journal.</summary>
    public SqlWriteJournal(Config journalConfig)
    {
        ArgumentNullException.ThrowIfNull(journalConfig);
        _database = new SqlDatabase(
            SqlDialect.From(journalConfig, "akka.persistence.journal.sql"),
            journalConfig.GetBoolean("auto-initialize", true));
        _queue = new WriteQueue(_database, Math.Max(1, journalConfig.GetInt("batch-size", 1000)));
        _serialization = Context.System.Serialization;
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _queue.Complete();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var rows = new List<JournalRow>();
        var rejections = ImmutableList.CreateBuilder<Exception?>();
        foreach (var write in messages)
        {
            try
            {
                rows.AddRange(((IEnumerable<IPersistentRepresentation>)write.Payload).Select(RowOf).ToArray());
                rejections.Add(null);
            }
            catch (Exception e)
            {
                // Nothing of it was written: it is refused, and the others go on.
                rejections.Add(e);
            }
        }

        if (rows.Count > 0)
        {
            await _queue.WriteAsync(rows);
        }

        return rejections.ToImmutable();
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                await using var connection = await _database.OpenAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

                // The last row stays, marked, so that its number is never used again.
                string[] statements =
                [
                    """
                    DELETE FROM journal WHERE persistence_id = @id AND sequence_number <= @to
                        AND sequence_number < (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id)
                    """,
                    $"""
                     UPDATE journal SET deleted = {_database.Dialect.Deleted}
                     WHERE persistence_id = @id AND sequence_number <= @to
                     """,
                ];
                foreach (var statement in statements)
                {
                    await using var command = SqlDatabase.Command(
                        connection, statement, ("@id", persistenceId), ("@to", toSequenceNr));
                    command.Transaction = transaction;
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }

                await transaction.CommitAsync(cancellationToken);
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                await using var connection = await _database.OpenAsync(cancellationToken);
                await using var command = SqlDatabase.Command(
                    connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id",
                    ("@id", persistenceId));
                return await command.ExecuteScalarAsync(cancellationToken) is long highest ? highest : 0;
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        Task.Run(async () =>
        {
            await using var connection = await _database.OpenAsync(CancellationToken.None);
            await using var command = SqlDatabase.Command(
                connection,
                $"""
                 SELECT ordering, sequence_number, created, message, manifest, identifier, writer_uuid FROM journal
                 WHERE persistence_id = @id AND sequence_number >= @from AND sequence_number <= @to
                     AND deleted = {_database.Dialect.NotDeleted}
                 ORDER BY sequence_number LIMIT @max
                 """,
                ("@id", persistenceId), ("@from", fromSequenceNr), ("@to", toSequenceNr), ("@max", max));
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var (ordering, number) = (reader.GetInt64(0), reader.GetInt64(1));
                object payload;
                try
                {
                    payload = _serialization.Deserialize(
                        (byte[])reader.GetValue(3), reader.GetInt32(5), reader.GetString(4));
                }
                catch (Exception e)
                {
                    throw new InvalidDataException(
                        $"Row {ordering} of table journal (persistence id [{persistenceId}], sequence number "
                        + $"{number}, manifest [{reader.GetValue(4)}], serializer {reader.GetValue(5)}) cannot be read: "
                        + e.Message,
                        e);
                }

                recoveryCallback(new Persistent(
                    payload, number, persistenceId, writerGuid: reader.GetString(6), timestamp: reader.GetInt64(2)));
            }
        });

    private JournalRow RowOf(IPersistentRepresentation written)
    {
        var serializer = _serialization.FindSerializerFor(written.Payload);
        return new JournalRow(
            written.PersistenceId, written.SequenceNr, DateTime.UtcNow.Ticks, serializer.ToBinary(written.Payload),
            Serialization.Serialization.ManifestFor(serializer, written.Payload), serializer.Identifier,
            written.WriterGuid);
    }
}
