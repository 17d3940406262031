using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>A journal that lasts as long as its system.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stored> _stored = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var written in messages.SelectMany(write => write.Events))
            {
                if (!_stored.TryGetValue(written.PersistenceId, out var stored))
                {
                    _stored[written.PersistenceId] = stored = new Stored();
                }

                stored.Events[written.SequenceNr] = written;
                stored.Highest = Math.Max(stored.Highest, written.SequenceNr);
            }
        }

        return Task.FromResult<IImmutableList<Exception?>?>(null);
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_stored.TryGetValue(persistenceId, out var stored))
            {
                foreach (var number in stored.Events.Keys.TakeWhile(number => number <= toSequenceNr).ToArray())
                {
                    stored.Events.Remove(number);
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_stored.TryGetValue(persistenceId, out var stored) ? stored.Highest : 0);
        }
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        IPersistentRepresentation[] events;
        lock (_lock)
        {
            events = _stored.TryGetValue(persistenceId, out var stored)
                ? [.. stored.Events.Values.Where(e => e.SequenceNr >= fromSequenceNr && e.SequenceNr <= toSequenceNr)]
                : [];
        }

        foreach (var replayed in events.Take((int)Math.Min(max, int.MaxValue)))
        {
            recoveryCallback(replayed);
        }

        return Task.CompletedTask;
    }

    private sealed class Stored
    {
        internal SortedDictionary<long, IPersistentRepresentation> Events { get; } = [];

        internal long Highest { get; set; }
    }
}
