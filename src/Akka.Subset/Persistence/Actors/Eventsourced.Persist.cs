using System.Collections.Immutable;

namespace Akka.Persistence;

/// <summary>Writing. One write is under way at a time; what is persisted meanwhile forms the next.</summary>
public abstract partial class Eventsourced
{
    private readonly Queue<PendingInvocation> _pending = new();
    private List<IPersistentEnvelope> _batch = [];
    private long _sequenceNr;
    private int _stashing;
    private bool _writing;

    /// <summary>Writes an event; no command is handled until the handler has run.</summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) =>
        Write([@event], new PendingAction<TEvent>(NotNull(handler), stashes: true));

    /// <summary>Writes an event; no command is handled until the handler has run.</summary>
    public void Persist<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        Write([@event], new PendingTask<TEvent>(NotNull(handler), stashes: true));

    /// <summary>Writes events, all or none; no command is handled until the handler has run for each.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        Write(events, new PendingAction<TEvent>(NotNull(handler), stashes: true));

    /// <summary>Writes events, all or none; no command is handled until the handler has run for each.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        Write(events, new PendingTask<TEvent>(NotNull(handler), stashes: true));

    /// <summary>Writes an event; commands are handled meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) =>
        Write([@event], new PendingAction<TEvent>(NotNull(handler), stashes: false));

    /// <summary>Writes an event; commands are handled meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        Write([@event], new PendingTask<TEvent>(NotNull(handler), stashes: false));

    /// <summary>Writes events, all or none; commands are handled meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        Write(events, new PendingAction<TEvent>(NotNull(handler), stashes: false));

    /// <summary>Writes events, all or none; commands are handled meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        Write(events, new PendingTask<TEvent>(NotNull(handler), stashes: false));

    /// <summary>Runs a handler behind those of all events persisted so far; nothing is written.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler) =>
        Defer(evt, new PendingAction<TEvent>(NotNull(handler), stashes: false), handler);

    /// <summary>Runs a handler behind those of all events persisted so far; nothing is written.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Func<TEvent, Task> handler) =>
        Defer(evt, new PendingTask<TEvent>(NotNull(handler), stashes: false), run => RunTask(() => handler(run)));

    /// <summary>Deletes the events up to a number; the answer is a message.</summary>
    public void DeleteMessages(long toSequenceNr) => Journal.Tell(
        new DeleteMessagesTo(PersistenceId, Math.Min(toSequenceNr, LastSequenceNr), Self), Self);

    /// <summary>Saves a snapshot of the state at <see cref="SnapshotSequenceNr"/>; the answer is a message.</summary>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(
        new SaveSnapshot(
            new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Cell.System.Scheduler.Now.UtcDateTime), snapshot),
        Self);

    /// <summary>Loads a snapshot; the answer is a message.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr, null), Self);

    /// <summary>Deletes a snapshot; the answer is a message.</summary>
    public void DeleteSnapshot(long sequenceNr) => SnapshotStore.Tell(
        new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr, DateTime.MinValue)), Self);

    /// <summary>Deletes snapshots; the answer is a message.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria), Self);

    private void Write<TEvent>(IEnumerable<TEvent> events, PendingInvocation handler)
    {
        ArgumentNullException.ThrowIfNull(events);
        RequireRecovered();
        var sender = Cell.CurrentSender;
        var number = _sequenceNr;
        var written = events
            .Select(IPersistentRepresentation (@event) => new Persistent(
                @event ?? throw new ArgumentNullException(nameof(events), "An event is null"), ++number,
                PersistenceId, sender: sender, writerGuid: _writerGuid))
            .ToImmutableArray();
        if (written.IsEmpty)
        {
            return;
        }

        _sequenceNr = number;
        _batch.Add(new AtomicWrite(written));
        foreach (var _ in written)
        {
            _pending.Enqueue(handler);
            _stashing += handler.Stashes ? 1 : 0;
        }
    }

    private void Defer<TEvent>(TEvent evt, PendingInvocation pending, Action<TEvent> runNow)
    {
        ArgumentNullException.ThrowIfNull(evt);
        RequireRecovered();
        if (_pending.Count == 0)
        {
            runNow(evt);
            return;
        }

        _pending.Enqueue(pending);
        _batch.Add(new NonPersistentMessage(evt, Cell.CurrentSender));
    }

    private void SendWrites()
    {
        if (_writing || _batch.Count == 0)
        {
            return;
        }

        _writing = true;
        var batch = _batch;
        _batch = [];
        Journal.Tell(new WriteMessages(batch, Self, _instanceId), Self);
    }

    private void RequireRecovered()
    {
        if (IsRecovering)
        {
            throw new InvalidOperationException(
                "Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
        }
    }

    private static T NotNull<T>(T handler)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(handler);
        return handler;
    }
}
