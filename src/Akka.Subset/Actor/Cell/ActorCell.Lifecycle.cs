using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Creation and end.</summary>
internal sealed partial class ActorCell
{
    private void CreateActor()
    {
        try
        {
            NewActor();
            _actor!.AroundPreStart();
        }
        catch (Exception e)
        {
            ClearActor();
            throw e as ActorInitializationException is { Actor: null } already && already.InnerException is null
                ? new ActorInitializationException(_self, already.Message, already)
                : new ActorInitializationException(_self, $"Exception during creation of [{_self}]", e);
        }
    }

    private void NewActor()
    {
        ActorBase? created = null;
        try
        {
            created = _props.NewActor() ?? throw new ActorInitializationException(
                _self, $"The factory of [{_self}] returned null");
            if (!ReferenceEquals(created.Cell, this))
            {
                throw new ActorInitializationException(
                    _self, $"The factory of [{_self}] returned an instance that belongs to another actor");
            }

            created.FinishConstruction();
            if (_props.SupervisorStrategy is { } strategy)
            {
                created.SupervisorStrategyInternal = strategy;
            }

            if (created is IActorStash stashing)
            {
                stashing.Stash = Extras.Stash = new StashImpl(this, _props.StashCapacity);
            }

            if (created is IWithTimers timed)
            {
                timed.Timers = Extras.Timers = new ActorTimers(this);
            }

            _actor = created;
        }
        catch when (created is not null)
        {
            _props.Release(created);
            throw;
        }
    }

    private void HandleTerminate()
    {
        SetReceiveTimeout(null);
        UnwatchAll();
        lock (ChildrenLock)
        {
            _takesNoChildren = true;
        }

        StopChildren(unwatch: false);
        var wasTerminating = _children is { Waiting: WaitReason.Termination };
        if (!WaitForChildren(WaitReason.Termination, null))
        {
            FinishTerminate();
        }
        else if (!wasTerminating)
        {
            // No message is handled any more, and no failure of a child is either.
            _suspendCount++;
            _failed = true;
        }
    }

    private void FinishTerminate()
    {
        var stopped = _actor;
        try
        {
            _extras?.Timers?.CancelAll();
            stopped?.AroundPostStop();
        }
        catch (Exception e)
        {
            Publish(new Error(e, LogSourceName, ActorClass, $"Exception in PostStop: {e.Message}"));
        }
        finally
        {
            _extras?.Stash?.ReturnAll();
            ClearActor();
            Close();
        }
    }

    /// <summary>Ends the mailbox; what is left in it, and all that follows, is dead letters.</summary>
    private void Close()
    {
        Interlocked.Exchange(ref _state, Closed);
        DrainToDeadLetters();
        var rest = _systemMessages.Close();
        _parent.SendSystemMessage(new DeathWatchNotification(_self, true, false));
        TellWatchers();
        UnwatchAll();
        while (rest is not null)
        {
            var next = rest.Next;
            ReceiveWhenClosed(rest);
            rest = next;
        }

        if (_extras?.Deferred is { } deferred)
        {
            deferred.ForEach(ReceiveWhenClosed);
        }

        _extras = null;
        _behavior = null;
        _currentMessage = null;
        _currentSender = null;
    }

    /// <summary>Moves the mailbox to dead letters. A late sender helps: the reader is whoever has the lock.</summary>
    private void DrainToDeadLetters()
    {
        while (TryTakeLocked(out var message, out var sender))
        {
            ToDeadLetters(message, sender);
        }
    }

    private void ToDeadLetters(object message, IActorRef? sender)
    {
        // A dead letter to a dead listener is dropped, or it would go round for ever.
        if (message is not AllDeadLetters)
        {
            _system.DeadLetters.Tell(new DeadLetter(message, sender ?? _system.DeadLetters, _self), sender);
        }
    }

    private bool TryTakeLocked(out object message, out IActorRef? sender)
    {
        lock (ChildrenLock)
        {
            return _mailbox.TryDequeue(out message, out sender);
        }
    }

    private void ClearActor()
    {
        if (_actor is not { } actor)
        {
            return;
        }

        _actor = null;
        try
        {
            _props.Release(actor);
        }
        catch (Exception e)
        {
            Publish(new Error(e, LogSourceName, ActorClass, $"Exception while the actor was released: {e.Message}"));
        }
    }

    private string LogSourceName => _self.ToString();

    private Type ActorClass => _props.Type;

    private void Publish(LogEvent logEvent) => _system.EventStream.PublishLog(logEvent);
}
