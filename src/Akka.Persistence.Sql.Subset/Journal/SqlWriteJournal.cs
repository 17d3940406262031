using System.Collections.Immutable;
using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Database;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// A journal in SQLite or PostgreSQL. Of two writers of one persistence id the second loses: the numbers of its rows
/// are taken.
/// </summary>
public class SqlWriteJournal : AsyncWriteJournal
{
    private readonly SqlDatabase _database;
    private readonly WriteQueue _queue;
    private readonly JournalReader _reader;
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
        _reader = new JournalReader(_database, _serialization);
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
            var events = (IImmutableList<IPersistentRepresentation>)write.Payload;
            try
            {
                rows.AddRange([.. events.Select(RowOf)]);
                rejections.Add(null);
            }
            catch (Exception e)
            {
                // It is refused, and the others go on. Its numbers stay taken: they have been given out.
                rows.AddRange(events.Select(DeletedRowOf));
                rejections.Add(e);
            }
        }

        try
        {
            await _queue.WriteAsync(rows);
        }
        catch (DbException e) when (_database.Dialect.IsDuplicateKey(e))
        {
            throw OutOfSequenceException.Lost(rows[0].PersistenceId, rows[0].SequenceNumber, e);
        }
        catch (DbException e) when (e is not OutOfSequenceException)
        {
            throw _database.Dialect.Explain(e);
        }

        return rejections.ToImmutable();
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

                // The last row stays, marked: what is missing before it was deleted and not lost.
                string[] statements =
                [
                    """
                    DELETE FROM journal WHERE persistence_id = @id AND sequence_number <
                        (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id AND sequence_number <= @to)
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
                return Done.Instance;
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        _reader.ReadHighestAsync(persistenceId, fromSequenceNr, cancellationToken);

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        _reader.ReplayAsync(persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);

    private JournalRow RowOf(IPersistentRepresentation written)
    {
        var serializer = _serialization.FindSerializerFor(written.Payload);
        return new JournalRow(
            written.PersistenceId, written.SequenceNr, DateTime.UtcNow.Ticks, serializer.ToBinary(written.Payload),
            Serialization.Serialization.ManifestFor(serializer, written.Payload), serializer.Identifier,
            written.WriterGuid);
    }

    private static JournalRow DeletedRowOf(IPersistentRepresentation rejected) => new(
        rejected.PersistenceId, rejected.SequenceNr, DateTime.UtcNow.Ticks, [], string.Empty, 0, rejected.WriterGuid,
        Deleted: true);
}
