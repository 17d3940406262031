using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// Base of actors whose state is a sequence of events. It recovers before its first command: a snapshot, the events
/// behind it, <see cref="RecoveryCompleted"/>. What arrives meanwhile waits.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceRecovery, IWithUnboundedStash
{
    private static int _instances;

    private readonly int _instanceId = Interlocked.Increment(ref _instances);
    private readonly string _writerGuid = Guid.NewGuid().ToString();
    private readonly StashImpl _waiting;
    private readonly Receive _receiveRecover;
    private IStash? _stash;
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;
    private ILoggingAdapter? _log;

    /// <summary>Creates the actor.</summary>
    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Cell.System);
        _waiting = new StashImpl(Cell, Deploy.NoStashSize);
        _receiveRecover = ReceiveRecover;
    }

    /// <inheritdoc/>
    public abstract string PersistenceId { get; }

    /// <inheritdoc/>
    public string? JournalPluginId { get; protected set; }

    /// <inheritdoc/>
    public string? SnapshotPluginId { get; protected set; }

    /// <inheritdoc/>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The id that snapshots are kept under.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>The actor's stash, for commands that it postpones itself.</summary>
    public IStash Stash
    {
        get => _stash!;
        set => _stash = new PersistentStash(value, _waiting);
    }

    /// <summary>The number of the last event that was written, rejected or replayed.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>The number that the next snapshot gets.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>Whether the actor is still recovering.</summary>
    public bool IsRecovering => _phase < Phase.Processing;

    /// <summary>Whether the actor has recovered.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The actor's journal.</summary>
    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    /// <summary>The actor's snapshot store.</summary>
    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    /// <summary>The persistence of the system.</summary>
    protected PersistenceExtension Extension { get; }

    /// <summary>The actor's log.</summary>
    protected virtual ILoggingAdapter Log => _log ??= Logging.GetLogger(Cell.System, this);

    /// <summary>Handles a command; false means that it was not handled.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Handles an event or snapshot of the past; false means that it was not handled.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Called when all events have been replayed.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>Called when the recovery failed; the actor stops afterwards.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null) => Log.Error(
        reason, "Recovery of [{0}] failed at sequence number [{1}] with message [{2}]: the actor stops",
        PersistenceId, LastSequenceNr, message?.GetType());

    /// <summary>
    /// Called when writing failed: whether the event was stored is unknown, so the actor stops afterwards.
    /// </summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Persisting event [{0}] of [{1}] with sequence number [{2}] failed: the actor stops",
        @event.GetType(), PersistenceId, sequenceNr);

    /// <summary>Called when the journal refused an event; nothing was stored and the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Event [{0}] of [{1}] with sequence number [{2}] was rejected: it is not stored",
        @event.GetType(), PersistenceId, sequenceNr);

    /// <inheritdoc/>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                break;
            case SaveSnapshotFailure failure:
                Log.Warning("Snapshot [{0}] could not be saved: {1}", failure.Metadata, failure.Cause);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("Snapshot [{0}] could not be deleted: {1}", failure.Metadata, failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Snapshots [{0}] could not be deleted: {1}", failure.Criteria, failure.Cause);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning(
                    "Messages of [{0}] up to [{1}] could not be deleted: {2}",
                    PersistenceId, failure.ToSequenceNr, failure.Cause);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    /// <summary>Runs an asynchronous action; the next message is handled when it has ended.</summary>
    protected void RunTask(Func<Task> action) => Cell.RunAsync(static run => run(), action);

    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        RequireIdentity();
        base.AroundPreStart();
        BeginRecovery();
    }

    /// <inheritdoc/>
    [SuppressMessage("Naming", "CA1725", Justification = "The name is Akka.NET's API.")]
    public override void AroundPostRestart(Exception reason, object? message)
    {
        // The default PostRestart calls PreStart itself, not its wrapper.
        RequireIdentity();
        base.AroundPostRestart(reason, message);
        BeginRecovery();
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object? message)
    {
        EndRecovery();
        try
        {
            base.AroundPreRestart(cause, message);
        }
        finally
        {
            _waiting.ReturnAll();
        }
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        EndRecovery();
        try
        {
            base.AroundPostStop();
        }
        finally
        {
            _waiting.ReturnAll();
        }
    }

    private void RequireIdentity()
    {
        if (string.IsNullOrEmpty(PersistenceId))
        {
            throw new ActorInitializationException(
                $"PersistenceId of [{Self.Path}] is null or empty: a persistent actor needs one");
        }

        // Both are made now, so that a plug-in that is not there stops the actor at once.
        _ = Journal;
        _ = SnapshotStore;
    }
}
