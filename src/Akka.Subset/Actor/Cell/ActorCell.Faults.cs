using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Failures: a failed actor is suspended with its children until its parent has decided.</summary>
internal sealed partial class ActorCell
{
    private int _suspendCount;
    private bool _failed;

    private void HandleInvokeFailure(Exception cause, LocalActorRef? failedChild = null, bool childrenSuspended = false)
    {
        if (_failed || _state == Closed)
        {
            return;
        }

        _suspendCount++;
        _failed = true;
        if (failedChild is not null)
        {
            Extras.FailedChild = failedChild;
        }

        if (!childrenSuspended)
        {
            SuspendChildren(except: failedChild);
        }

        _parent.SendSystemMessage(new Failed(_self, cause));
    }

    private void HandleFailed(Failed failed)
    {
        var child = failed.Child;
        if (!IsMyChild(child) || _actor is not { } actor)
        {
            return;
        }

        var sender = _currentSender;
        _currentSender = child;
        try
        {
            if (!actor.SupervisorStrategyInternal.HandleFailure(this, child, failed.Cause, ListChildren()))
            {
                HandleInvokeFailure(failed.Cause, child);
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, child);
        }
        finally
        {
            _currentSender = sender;
        }
    }

    private void HandleResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            StartAnew();
            return;
        }

        var failedChild = _extras?.FailedChild;
        _suspendCount--;
        if (causedByFailure is not null)
        {
            // The message at which the actor failed is done with.
            ClearFailure();
        }

        ResumeChildren(causedByFailure, failedChild);
    }

    private void HandleRecreate(Exception cause)
    {
        if (_actor is not { } failedActor)
        {
            StartAnew();
            return;
        }

        if (_children is { Waiting: WaitReason.Termination })
        {
            HandleResume(null);
            return;
        }

        var ownFailure = _failed && _extras?.FailedChild is null;
        var message = ownFailure ? _currentMessage : null;
        try
        {
            _extras?.Timers?.CancelAll();
            failedActor.AroundPreRestart(cause, message);
        }
        catch (Exception e)
        {
            var wrapped = new PreRestartException(_self, e, cause, message);
            Publish(new Error(wrapped, LogSourceName, ActorClass, e.Message));
        }

        _extras?.Timers?.CancelAll();
        _extras?.Stash?.ReturnAll();
        ClearActor();
        if (!WaitForChildren(WaitReason.Recreation, cause))
        {
            FinishRecreate(cause);
        }
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = ListChildren();
        try
        {
            EndSuspension();
            NewActor();
            _actor!.AroundPostRestart(cause, null);
        }
        catch (Exception e)
        {
            ClearActor();
            HandleInvokeFailure(new PostRestartException(_self, e, cause), childrenSuspended: true);
            return;
        }

        // A child that PreRestart did not stop is restarted too.
        foreach (var child in survivors)
        {
            child.Cell.SendSystemMessage(new Recreate(cause));
        }
    }

    /// <summary>Starts anew an actor whose creation failed.</summary>
    private void StartAnew()
    {
        SetReceiveTimeout(null);
        StopChildren(unwatch: true);
        if (!WaitForChildren(WaitReason.Creation, null))
        {
            FinishCreate();
        }
    }

    private void FinishCreate()
    {
        EndSuspension();
        try
        {
            CreateActor();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void EndSuspension()
    {
        _suspendCount--;
        ClearFailure();
    }

    private void ClearFailure()
    {
        _failed = false;
        if (_extras is { } extras)
        {
            extras.FailedChild = null;
        }

        if (!_awaiting)
        {
            _currentMessage = null;
            _currentSender = null;
        }
    }
}

/// <summary>How often an actor was restarted, and since when that is counted.</summary>
internal struct RestartStats
{
    private int _count;
    private TimeSpan? _windowStart;

    /// <summary>Counts a restart; false when it is one too many.</summary>
    /// <param name="maxRetries">How many are allowed; negative for any number.</param>
    /// <param name="window">The time in which they are counted; zero or less for all time.</param>
    /// <param name="now">The monotonic time.</param>
    internal bool RequestRestart(int maxRetries, TimeSpan window, TimeSpan now)
    {
        if (window <= TimeSpan.Zero)
        {
            return maxRetries < 0 || ++_count <= maxRetries;
        }

        var allowed = maxRetries < 0 ? 1 : maxRetries;
        _windowStart ??= now;
        if (now - _windowStart <= window)
        {
            return ++_count <= allowed;
        }

        _count = 1;
        _windowStart = now;
        return allowed >= 1;
    }
}
