using Akka.Actor;
using Akka.Persistence;

namespace Lb.Actors;

/// <summary>How a worker begins.</summary>
/// <param name="Place">Where the journal is.</param>
/// <param name="Doubt">A write that it is to look for, with its request.</param>
/// <param name="Since">Number of the last event that is known already.</param>
/// <param name="IsFull">What is known counts for nothing: all is to be read from the database.</param>
internal sealed record JournalStart(
    JournalPlace Place,
    (JournalRequest Request, JournalWrite Write)? Doubt = null,
    long Since = 0,
    bool IsFull = true);

/// <summary>
/// Reads a journal, decides on one request at a time and stores what it has decided. When the journal fails it stops:
/// what it knows may differ from what is stored.
/// </summary>
internal abstract class JournalWorker : ReceivePersistentActor
{
    private readonly JournalStart _start;
    private Guid _request;

    protected JournalWorker(JournalStart start)
    {
        _start = start;
        JournalPluginId = start.Place.JournalPlugin;
        SnapshotPluginId = start is { IsFull: false, Place.KnownPlugin: { } known } ? known : start.Place.SnapshotPlugin;
        Recover<RecoveryCompleted>(_ =>
        {
            Context.Parent.Tell(new JournalOpened(LastSequenceNr, IsStored, Known(null)));
            OnOpened();
        });
        Command<JournalGiven>(given => Begin(given.Request));
        Command<JournalRepeat>(repeat =>
        {
            Request = repeat.Request;
            _request = repeat.Request.Id;
            Store(repeat.Write);
        });
    }

    /// <summary>A write that is in doubt is not looked for in a snapshot that may hold it already.</summary>
    public override Recovery Recovery => _start.Doubt is { } doubt
        ? new Recovery(new SnapshotSelectionCriteria(doubt.Write.Number - 1))
        : Recovery.Default;

    /// <summary>What is being decided.</summary>
    protected JournalRequest? Request { get; private set; }

    /// <summary>All was read from the database, and snapshots are saved there.</summary>
    protected bool IsFull => _start.IsFull || _start.Place.KnownPlugin is null;

    /// <summary>Number of the last event that the node knew when this began to read.</summary>
    protected long Since => _start.Since;

    /// <summary>Whether others write to it too.</summary>
    protected bool IsShared => _start.Place.IsShared;

    private bool IsStored { get; set; }

    /// <summary>Decides on a request: ends in <see cref="Answer"/> or <see cref="Store(object, object)"/>, perhaps later.</summary>
    protected abstract void Decide(JournalRequest request);

    /// <summary>Makes an event that is stored part of what is known.</summary>
    protected abstract void OnStored(object stored);

    /// <summary>The journal was read.</summary>
    protected virtual void OnOpened()
    {
    }

    /// <summary>The desk knows of the event that was stored.</summary>
    protected virtual void OnTold()
    {
    }

    /// <summary>What holds, as the site is told it.</summary>
    /// <param name="stored">What was just stored, with the answer to it; null after reading.</param>
    protected abstract object Known(JournalWrite? stored);

    /// <summary>Whether what was read is what a request has stored.</summary>
    protected abstract bool IsOf(object read, Guid request, object stored);

    /// <summary>Looks whether what was read is what is in doubt.</summary>
    protected void Saw(object read)
    {
        if (_start.Doubt is { } doubt && LastSequenceNr == doubt.Write.Number)
        {
            IsStored = IsOf(read, doubt.Request.Id, doubt.Write.Event);
        }
    }

    /// <summary>Answers the request without an event.</summary>
    protected void Answer(object answer, bool isFinal = false) =>
        Context.Parent.Tell(new JournalAnswered(_request, answer, isFinal));

    /// <summary>Stores an event, and then answers the request.</summary>
    protected void Store(object happens, object answer) => Store(new JournalWrite(LastSequenceNr + 1, happens, answer));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Context.Parent.Tell(new JournalBroken(cause.Message));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Answer(new ConfigRefused([$"the journal cannot take it: {cause.Message}"]), isFinal: true);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.Parent.Tell(new JournalBroken(reason.Message));

    private void Begin(JournalRequest request)
    {
        Request = request;
        _request = request.Id;
        Decide(request);
    }

    private void Store(JournalWrite write)
    {
        // The desk hears of it first: from here on nobody may say that it was not done.
        Context.Parent.Tell(new JournalWriting(_request, write));
        Persist(write.Event, stored =>
        {
            OnStored(stored);
            Context.Parent.Tell(new JournalWritten(_request, LastSequenceNr, Known(write), write.Answer));
            OnTold();
        });
    }
}
