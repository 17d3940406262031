namespace Akka.Actor;

/// <summary>Asks a cell, in its turn, whether its receive timeout is over.</summary>
internal sealed class ReceiveTimeoutCheck(ReceiveTimeoutState state)
    : IAutoReceivedMessage, INotInfluenceReceiveTimeout, Event.IDeadLetterSuppression
{
    internal ReceiveTimeoutState State { get; } = state;
}

/// <summary>
/// The receive timeout of an actor. A message only notes the time; the one timer looks, when it fires, at how much
/// of the timeout is left.
/// </summary>
internal sealed class ReceiveTimeoutState
{
    private readonly ReceiveTimeoutCheck _check;
    private ICancelable? _timer;
    private TimeSpan _lastMessage;

    internal ReceiveTimeoutState(TimeSpan timeout)
    {
        Timeout = timeout;
        _check = new ReceiveTimeoutCheck(this);
    }

    internal TimeSpan Timeout { get; }

    internal void Start(ActorCell cell)
    {
        _lastMessage = cell.SystemImpl.SchedulerTime;
        Schedule(cell, Timeout);
    }

    internal void Cancel()
    {
        _timer?.Cancel();
        _timer = null;
    }

    internal void AfterMessage(ActorCell cell, object message)
    {
        if (message is not INotInfluenceReceiveTimeout)
        {
            _lastMessage = cell.SystemImpl.SchedulerTime;
        }
    }

    internal void Check(ActorCell cell, ReceiveTimeoutCheck check)
    {
        if (!ReferenceEquals(check.State, this))
        {
            return;
        }

        var now = cell.SystemImpl.SchedulerTime;
        var left = Timeout - (now - _lastMessage);
        if (left > TimeSpan.Zero)
        {
            Schedule(cell, left);
            return;
        }

        _lastMessage = now;
        Schedule(cell, Timeout);
        cell.ReceiveMessage(ReceiveTimeout.Instance);
    }

    private void Schedule(ActorCell cell, TimeSpan delay) =>
        _timer = cell.SystemImpl.Scheduler.ScheduleTellOnceCancelable(
            delay, cell.Self, _check, ActorRefs.NoSender);
}

/// <summary>The receive timeout.</summary>
internal sealed partial class ActorCell
{
    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (_extras?.ReceiveTimeout is { } previous)
        {
            previous.Cancel();
            _extras.ReceiveTimeout = null;
        }

        if (timeout is { } value && value > TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
        {
            Extras.ReceiveTimeout = new ReceiveTimeoutState(value);
            Extras.ReceiveTimeout.Start(this);
        }
    }
}
