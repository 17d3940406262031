using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What the actor does with a message: it depends on how far it is.</summary>
public abstract partial class Eventsourced
{
    private Phase _phase;

    // The handler that runs, until it has ended.
    private PendingInvocation? _running;

    private enum Phase
    {
        AwaitingPermit,
        LoadingSnapshot,
        Replaying,

        // Commands are handled.
        Processing,

        // Commands wait until the handlers of stored events have run.
        Persisting,
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (message)
        {
            case IJournalResponse response:
                // What an earlier instance asked for is not this one's.
                if (response.ActorInstanceId == _instanceId)
                {
                    ReceiveJournalResponse(response);
                }

                return true;
            case RecoverySnapshot loaded:
                if (loaded.ActorInstanceId == _instanceId)
                {
                    ReceiveSnapshot(loaded);
                }

                return true;
            case RecoveryPermitGranted:
                ReceivePermit();
                return true;
            case RecoveryTick tick:
                ReceiveTick(tick);
                return true;
        }

        if (_phase == Phase.Processing)
        {
            RunTurn(receive, message);
        }
        else
        {
            _waiting.Stash();
        }

        return true;
    }

    private void ReceiveJournalResponse(IJournalResponse response)
    {
        switch (response)
        {
            case WriteMessageSuccess success:
                LastSequenceNr = Math.Max(LastSequenceNr, success.Persistent.SequenceNr);
                RunHandler(success.Persistent.Payload);
                break;
            case LoopMessageSuccess looped:
                RunHandler(looped.Message);
                break;
            case WriteMessageRejected rejected:
                // Its number is used up.
                LastSequenceNr = Math.Max(LastSequenceNr, rejected.Persistent.SequenceNr);
                EndPending(() => OnPersistRejected(
                    rejected.Cause, rejected.Persistent.Payload, rejected.Persistent.SequenceNr));
                break;
            case WriteMessageFailure failure:
                FailAndStop(() => OnPersistFailure(
                    failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr));
                break;
            case WriteMessagesEnded:
                _writing = false;
                SendWrites();
                break;
            default:
                ReceiveReplay(response);
                break;
        }
    }

    private void RunTurn(Receive receive, object message)
    {
        var failed = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            EndTurnUnlessAwaiting(failed);
        }
    }

    private void RunHandler(object written)
    {
        var failed = true;
        _running = _pending.Dequeue();
        try
        {
            _running.Run(Cell, written);
            failed = false;
        }
        finally
        {
            EndTurnUnlessAwaiting(failed);
        }
    }

    private void EndPending(Action act)
    {
        var failed = true;
        _running = _pending.Dequeue();
        try
        {
            act();
            failed = false;
        }
        finally
        {
            EndTurnUnlessAwaiting(failed);
        }
    }

    private void FailAndStop(Action tell)
    {
        try
        {
            tell();
        }
        finally
        {
            Cell.Stop(Self);
        }
    }

    private void EndTurnUnlessAwaiting(bool failed)
    {
        if (!Cell.IsAwaiting)
        {
            EndTurn(failed);
        }
    }

    internal override void AfterAsyncHandler(bool failed) => EndTurn(failed);

    private void EndTurn(bool failed)
    {
        if (_running is { } ran)
        {
            _running = null;
            if (ran.Stashes)
            {
                _stashing--;
            }
        }

        if (IsRecovering)
        {
            return;
        }

        SendWrites();
        _phase = _stashing > 0 ? Phase.Persisting : Phase.Processing;
        if (failed)
        {
            // A supervisor decides now; the waiting commands keep their order in front of all others.
            _waiting.ReturnAll();
        }
        else if (_phase == Phase.Processing)
        {
            // One at a time: it may persist, and the others must go on waiting.
            _waiting.Unstash();
        }
    }
}
