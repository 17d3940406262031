using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>What a journal must read for a recovery.</summary>
public interface IAsyncRecovery
{
    /// <summary>Returns the highest number written, also when it has been deleted; 0 when there is none.</summary>
    Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken);

    /// <summary>Calls back with each event of the range in its order.</summary>
    Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);
}

/// <summary>Base of journals.</summary>
public abstract class WriteJournalBase : ActorBase
{
    /// <summary>Creates the journal.</summary>
    protected WriteJournalBase()
    {
    }
}

/// <summary>
/// Base of journals that write asynchronously. The answers to one write come in order; an actor has one write under
/// way at a time.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "AroundPostStop disposes of it.")]
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    // A recovery waits for the write that the failed instance of its actor left under way.
    private readonly ConcurrentDictionary<string, Task> _writing = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Creates the journal.</summary>
    protected AsyncWriteJournal()
    {
    }

    /// <inheritdoc/>
    public abstract Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>
    /// Writes all; each <see cref="AtomicWrite"/> whole or not at all. The task fails when writing failed. It
    /// returns null, or an item for each write: null, or why the write was rejected before anything was stored.
    /// </summary>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken);

    /// <summary>Deletes the events up to a number; the highest number written is kept.</summary>
    protected abstract Task DeleteMessagesToAsync(
        string persistenceId, long toSequenceNr, CancellationToken cancellationToken);

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
        switch (message)
        {
            case WriteMessages write:
                _ = Write(write);
                return true;
            case ReplayMessages replay:
                _ = Replay(replay, Context);
                return true;
            case DeleteMessagesTo delete:
                _ = Delete(delete);
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private async Task Write(WriteMessages request)
    {
        var writes = request.Messages.OfType<AtomicWrite>().ToImmutableList();
        IImmutableList<Exception?>? rejections = null;
        Exception? failure = null;
        if (writes.Count > 0)
        {
            var id = writes[0].PersistenceId;
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _writing[id] = written.Task;
            try
            {
                rejections = await WriteMessagesAsync(writes, _stopped.Token);
                if (rejections is not null && rejections.Count != writes.Count)
                {
                    failure = new InvalidOperationException(
                        $"The journal answered {writes.Count} writes with {rejections.Count} results");
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
            finally
            {
                _writing.TryRemove(KeyValuePair.Create(id, written.Task));
                written.SetResult();
            }
        }

        Answer(request, rejections, failure);
    }

    private static void Answer(WriteMessages request, IImmutableList<Exception?>? rejections, Exception? failure)
    {
        var (actor, instance) = (request.PersistentActor, request.ActorInstanceId);
        var index = 0;
        foreach (var envelope in request.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                actor.Tell(new LoopMessageSuccess(envelope.Payload, instance), envelope.Sender);
                continue;
            }

            var rejection = failure is null ? rejections?[index] : null;
            index++;
            foreach (var written in write.Events)
            {
                actor.Tell(
                    failure is not null ? new WriteMessageFailure(written, failure, instance)
                    : rejection is not null ? new WriteMessageRejected(written, rejection, instance)
                    : new WriteMessageSuccess(written, instance),
                    written.Sender);
            }
        }

        actor.Tell(new WriteMessagesEnded(instance), ActorRefs.NoSender);
    }

    private async Task Replay(ReplayMessages request, IActorContext context)
    {
        var (actor, instance) = (request.PersistentActor, request.ActorInstanceId);
        try
        {
            if (_writing.TryGetValue(request.PersistenceId, out var write))
            {
                await write;
            }

            var from = request.FromSequenceNr;
            var highest = await ReadHighestSequenceNrAsync(request.PersistenceId, Math.Max(0, from - 1), _stopped.Token);
            var to = Math.Min(request.ToSequenceNr, highest);
            if (from <= to && request.Max > 0)
            {
                await ReplayMessagesAsync(context, request.PersistenceId, from, to, request.Max, replayed =>
                {
                    if (!replayed.IsDeleted)
                    {
                        actor.Tell(new ReplayedMessage(replayed, instance), ActorRefs.NoSender);
                    }
                });
            }

            actor.Tell(new RecoverySuccess(highest, instance), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            actor.Tell(new ReplayMessagesFailure(e, instance), ActorRefs.NoSender);
        }
    }

    private async Task Delete(DeleteMessagesTo request)
    {
        object answer;
        try
        {
            await DeleteMessagesToAsync(request.PersistenceId, request.ToSequenceNr, _stopped.Token);
            answer = new DeleteMessagesSuccess(request.ToSequenceNr);
        }
        catch (Exception e)
        {
            answer = new DeleteMessagesFailure(e, request.ToSequenceNr);
        }

        request.PersistentActor.Tell(answer, ActorRefs.NoSender);
    }
}
