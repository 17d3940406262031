using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The mailbox and the turns in which it is worked off.</summary>
internal sealed partial class ActorCell : IThreadPoolWorkItem
{
    // Idle until something is sent.
    private const int Idle = 0;

    // Queued in the thread pool or running.
    private const int Scheduled = 1;

    // Suspended: a message is no reason to run, a system message is.
    private const int IdleSuspended = 2;

    // Ended: messages are dead letters.
    private const int Closed = 3;

    private Mailbox _mailbox;
    private SystemQueue _systemMessages;
    private int _state;

    internal bool IsTerminated => Volatile.Read(ref _state) == Closed;

    /// <summary>Whether the cell is not in the thread pool.</summary>
    internal bool IsIdle => Volatile.Read(ref _state) == Idle;

    private bool IsSuspended => _suspendCount > 0 || _awaiting;

    internal void SendMessage(object message, IActorRef? sender)
    {
        if (_state == Closed)
        {
            ToDeadLetters(message, sender);
            return;
        }

        _mailbox.Enqueue(message, sender);

        // The exchange inside Enqueue is a full fence: either this read sees that the cell went idle, or the
        // cell, which looks at the queue after going idle, sees the message.
        switch (_state)
        {
            case Idle when Interlocked.CompareExchange(ref _state, Scheduled, Idle) == Idle:
                Queue();
                break;
            case Closed:
                DrainToDeadLetters();
                break;
        }
    }

    internal void SendSystemMessage(SystemMessage message)
    {
        if (!_systemMessages.TryPush(message))
        {
            ReceiveWhenClosed(message);
            return;
        }

        var state = Volatile.Read(ref _state);
        if (state is Idle or IdleSuspended && !TrySchedule(state))
        {
            // Another message scheduled the cell, or it went from one kind of idle to the other.
            SpinUntilScheduled();
        }
    }

    internal void Prepend(IReadOnlyList<Envelope> envelopes) => _mailbox.Prepend(envelopes);

    internal int QueuedMessages => _mailbox.CountForReader;

    void IThreadPoolWorkItem.Execute()
    {
        _current = this;
        RunTurn();
        _current = null;
    }

    private void RunTurn()
    {
        RunSystemMessages();
        var left = _props.RunsOnCallersThread ? int.MaxValue : _system.Throughput;
        while (!IsSuspended && _state != Closed && left > 0 && _mailbox.TryDequeue(out var message, out var sender))
        {
            left--;
            Invoke(message, sender);
            RunSystemMessages();
        }

        if (_state == Closed)
        {
            return;
        }

        if (left == 0 && !IsSuspended && _mailbox.HasMessages)
        {
            // A busy actor must not starve the others.
            Queue();
            return;
        }

        GoIdle();
    }

    private void GoIdle()
    {
        var suspended = IsSuspended;
        var idle = suspended ? IdleSuspended : Idle;
        Interlocked.Exchange(ref _state, idle);
        if ((_systemMessages.HasMessages || (!suspended && _mailbox.HasMessages))
            && Interlocked.CompareExchange(ref _state, Scheduled, idle) == idle)
        {
            Queue();
        }
    }

    private bool TrySchedule(int idle)
    {
        if (Interlocked.CompareExchange(ref _state, Scheduled, idle) != idle)
        {
            return false;
        }

        Queue();
        return true;
    }

    private void SpinUntilScheduled()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is Scheduled or Closed || TrySchedule(state))
            {
                return;
            }
        }
    }

    private void Invoke(object message, IActorRef? sender)
    {
        _currentMessage = message;
        _currentSender = sender;
        MessageNumber++;
        try
        {
            if (message is IAutoReceivedMessage)
            {
                AutoReceive(message);
            }
            else
            {
                _actor!.Handle(_behavior!, message);
            }

            AfterMessage();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    /// <summary>Ends the handling of a message, unless its handler is still awaiting or has failed.</summary>
    private void AfterMessage()
    {
        if (_awaiting)
        {
            return;
        }

        var message = _currentMessage!;
        _currentMessage = null;
        _currentSender = null;
        _extras?.ReceiveTimeout?.AfterMessage(this, message);
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case TimerFired timer:
                if (_extras?.Timers?.TakeMessage(timer) is { } timed)
                {
                    _currentMessage = timed;
                    AutoReceive(timed);
                }

                break;
            case ReceiveTimeoutCheck check:
                _extras?.ReceiveTimeout?.Check(this, check);
                break;
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                Stop(_self);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                _currentSender?.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    internal void ReceiveMessage(object message) => _actor!.Handle(_behavior!, message);
}
