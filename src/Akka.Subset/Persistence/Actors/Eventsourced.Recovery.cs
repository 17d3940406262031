using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Looks whether the recovery of an instance still goes on.</summary>
internal sealed record RecoveryTick(int ActorInstanceId) : IPersistenceMessage, Event.IDeadLetterSuppression;

/// <summary>Recovery: a permit, the snapshot, the events, <see cref="RecoveryCompleted"/>.</summary>
public abstract partial class Eventsourced
{
    private bool _hasPermit;
    private bool _sawEvent;
    private TimeSpan _recoveryTimeout;
    private ICancelable? _recoveryTimer;

    private void BeginRecovery() => Extension.RecoveryPermitter.Tell(RequestRecoveryPermit.Instance, Self);

    private void EndRecovery()
    {
        _recoveryTimer?.Cancel();
        _recoveryTimer = null;
        if (_hasPermit)
        {
            _hasPermit = false;
            Extension.RecoveryPermitter.Tell(ReturnRecoveryPermit.Instance, Self);
        }
    }

    private void ReceivePermit()
    {
        if (_phase != Phase.AwaitingPermit)
        {
            return;
        }

        _hasPermit = true;
        _phase = Phase.LoadingSnapshot;
        _recoveryTimeout = Extension.RecoveryEventTimeout(JournalPluginId);
        _recoveryTimer = Cell.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            _recoveryTimeout, _recoveryTimeout, Self, new RecoveryTick(_instanceId), ActorRefs.NoSender);
        SnapshotStore.Tell(
            new LoadSnapshot(SnapshotterId, Recovery.FromSnapshot, Recovery.ToSequenceNr, _instanceId), Self);
    }

    private void ReceiveSnapshot(RecoverySnapshot loaded)
    {
        if (_phase != Phase.LoadingSnapshot)
        {
            return;
        }

        if (loaded.Failure is { } failure && !Extension.SnapshotIsOptional(SnapshotPluginId))
        {
            FailRecovery(failure, null);
            return;
        }

        if (loaded.Snapshot is { } found)
        {
            LastSequenceNr = found.Metadata.SequenceNr;
            if (!TryRecover(new SnapshotOffer(found.Metadata, found.Snapshot)))
            {
                return;
            }
        }

        _sawEvent = true;
        _phase = Phase.Replaying;
        Journal.Tell(
            new ReplayMessages(
                LastSequenceNr + 1, Recovery.ToSequenceNr, Recovery.ReplayMax, PersistenceId, Self, _instanceId),
            Self);
    }

    private void ReceiveReplay(IJournalResponse response)
    {
        if (_phase != Phase.Replaying)
        {
            return;
        }

        switch (response)
        {
            case ReplayedMessage replayed:
                _sawEvent = true;
                LastSequenceNr = replayed.Persistent.SequenceNr;
                TryRecover(replayed.Persistent.Payload);
                break;
            case RecoverySuccess success:
                CompleteRecovery(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failure:
                FailRecovery(failure.Cause, null);
                break;
        }
    }

    private void ReceiveTick(RecoveryTick tick)
    {
        if (tick.ActorInstanceId != _instanceId || _phase is not (Phase.LoadingSnapshot or Phase.Replaying))
        {
            return;
        }

        if (_sawEvent)
        {
            _sawEvent = false;
            return;
        }

        FailRecovery(
            new RecoveryTimedOutException(
                $"Recovery of [{PersistenceId}] timed out: "
                + $"{(_phase == Phase.LoadingSnapshot ? "no snapshot" : "no event")} for {_recoveryTimeout}"),
            null);
    }

    private bool TryRecover(object past)
    {
        try
        {
            base.AroundReceive(_receiveRecover, past);
            return true;
        }
        catch (Exception e)
        {
            FailRecovery(e, past);
            return false;
        }
    }

    private void CompleteRecovery(long highestSequenceNr)
    {
        OnReplaySuccess();
        LastSequenceNr = Math.Max(LastSequenceNr, highestSequenceNr);
        _sequenceNr = LastSequenceNr;
        EndRecovery();
        _phase = Phase.Processing;
        RunTurn(_receiveRecover, RecoveryCompleted.Instance);
    }

    private void FailRecovery(Exception reason, object? message)
    {
        // Nothing that is still on its way changes the state of an actor that has failed.
        _phase = Phase.AwaitingPermit;
        EndRecovery();
        FailAndStop(() => OnRecoveryFailure(reason, message));
    }
}
