using System.Runtime.CompilerServices;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The system messages.</summary>
internal sealed partial class ActorCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunSystemMessages()
    {
        if (_systemMessages.HasMessages)
        {
            RunPendingSystemMessages();
        }
    }

    private void RunPendingSystemMessages()
    {
        while (_state != Closed && _systemMessages.TakeAll() is { } oldest)
        {
            for (var message = oldest; message is not null;)
            {
                var next = message.Next;
                message.Next = null;
                if (_state == Closed)
                {
                    ReceiveWhenClosed(message);
                }
                else
                {
                    HandleOrDefer(message);
                    RetryDeferred();
                }

                message = next;
            }
        }
    }

    private void HandleOrDefer(SystemMessage message)
    {
        if (MustWait(message))
        {
            (Extras.Deferred ??= []).Add(message);
            return;
        }

        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    /// <summary>Handles deferred messages whose time has come; one handled may be what another waits for.</summary>
    private void RetryDeferred()
    {
        while (_state != Closed && _extras?.Deferred is { Count: > 0 } deferred)
        {
            var index = deferred.FindIndex(message => !MustWait(message));
            if (index < 0)
            {
                return;
            }

            var message = deferred[index];
            deferred.RemoveAt(index);
            HandleOrDefer(message);
        }
    }

    /// <summary>
    /// A restart that waits for children is not disturbed by other decisions; a failed actor decides nothing about
    /// its children; a handler that awaits is finished before the actor stops or restarts.
    /// </summary>
    private bool MustWait(SystemMessage message) => message switch
    {
        Terminate => _awaiting,
        Dispatch.SysMsg.Recreate => _awaiting || IsRestarting,
        Dispatch.SysMsg.Suspend or Dispatch.SysMsg.Resume => IsRestarting,
        Failed => IsRestarting || _suspendCount > 0,
        _ => false,
    };

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case Continuation continuation:
                RunContinuation(continuation);
                break;
            case TaskEnded ended:
                EndAwait(ended.Task);
                break;
            case DeathWatchNotification notification:
                WatchedActorTerminated(notification);
                break;
            case Watch watch:
                AddWatcher(watch);
                break;
            case Unwatch unwatch:
                _extras?.WatchedBy?.Remove(unwatch.Watcher);
                break;
            case Failed failed:
                HandleFailed(failed);
                break;
            case Terminate:
                HandleTerminate();
                break;
            case Create:
                CreateActor();
                break;
            case Dispatch.SysMsg.Recreate recreate:
                HandleRecreate(recreate.Cause);
                break;
            case Dispatch.SysMsg.Suspend:
                _suspendCount++;
                SuspendChildren(except: null);
                break;
            case Dispatch.SysMsg.Resume resume:
                HandleResume(resume.CausedByFailure);
                break;
        }
    }

    /// <summary>What becomes of a system message to an actor that has ended.</summary>
    private void ReceiveWhenClosed(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(
                    watch.Watchee, existenceConfirmed: false, addressTerminated: false));
                break;
            case Continuation continuation:
                // The rest of a task that nobody waited for: let it end, without an actor's context.
                ThreadPool.UnsafeQueueUserWorkItem(static late => late.Run(), continuation, preferLocal: false);
                break;
        }
    }
}
