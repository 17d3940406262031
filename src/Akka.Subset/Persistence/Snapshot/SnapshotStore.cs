using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>Base of snapshot stores.</summary>
[SuppressMessage("Design", "CA1001", Justification = "AroundPostStop disposes of it.")]
public abstract class SnapshotStore : ActorBase
{
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Creates the store.</summary>
    protected SnapshotStore()
    {
    }

    /// <summary>Returns the newest snapshot that the criteria mean, or null.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);

    /// <summary>Saves a snapshot; one with the same number is replaced.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken);

    /// <summary>Deletes a snapshot.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Deletes the snapshots that the criteria mean.</summary>
    protected abstract Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);

    /// <summary>Handles messages of the plug-in's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        _stopped.Cancel();
        base.AroundPostStop();
        _stopped.Dispose();
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object? message)
    {
        _stopped.Cancel();
        base.AroundPreRestart(cause, message);
    }

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        var asker = Sender;
        switch (message)
        {
            case LoadSnapshot load:
                _ = Answer(asker, Load(load), LoadAnswer(load), e => LoadAnswer(load, e));
                return true;
            case SaveSnapshot save:
                _ = Answer(
                    asker, () => SaveAsync(save.Metadata, save.Snapshot, _stopped.Token),
                    new SaveSnapshotSuccess(save.Metadata), e => new SaveSnapshotFailure(save.Metadata, e));
                return true;
            case DeleteSnapshot delete:
                _ = Answer(
                    asker, () => DeleteAsync(delete.Metadata, _stopped.Token),
                    new DeleteSnapshotSuccess(delete.Metadata), e => new DeleteSnapshotFailure(delete.Metadata, e));
                return true;
            case DeleteSnapshots delete:
                _ = Answer(
                    asker, () => DeleteAsync(delete.PersistenceId, delete.Criteria, _stopped.Token),
                    new DeleteSnapshotsSuccess(delete.Criteria), e => new DeleteSnapshotsFailure(delete.Criteria, e));
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private Func<Task<SelectedSnapshot?>> Load(LoadSnapshot load) =>
        () => load.Criteria.Equals(SnapshotSelectionCriteria.None)
            ? Task.FromResult<SelectedSnapshot?>(null)
            : LoadAsync(load.PersistenceId, load.Criteria.Limit(load.ToSequenceNr), _stopped.Token);

    private static Func<SelectedSnapshot?, object> LoadAnswer(LoadSnapshot load) =>
        loaded => load.RecoveringInstanceId is { } instance
            ? new RecoverySnapshot(loaded, null, instance)
            : new LoadSnapshotResult(loaded, load.ToSequenceNr);

    private static object LoadAnswer(LoadSnapshot load, Exception failure) =>
        load.RecoveringInstanceId is { } instance
            ? new RecoverySnapshot(null, failure, instance)
            : new LoadSnapshotFailed(failure);

    private static Task Answer(IActorRef asker, Func<Task> work, object success, Func<Exception, object> failure) =>
        Answer(
            asker,
            async () =>
            {
                await work();
                return success;
            },
            static done => done,
            failure);

    private static async Task Answer<T>(
        IActorRef asker, Func<Task<T>> work, Func<T, object> success, Func<Exception, object> failure)
    {
        object answer;
        try
        {
            answer = success(await work());
        }
        catch (Exception e)
        {
            answer = failure(e);
        }

        asker.Tell(answer, ActorRefs.NoSender);
    }
}
