namespace Akka.Actor;

/// <summary>The message of a timer, on its way to its actor.</summary>
internal sealed class TimerFired(object key, object message, bool repeats)
    : IAutoReceivedMessage, Event.IDeadLetterSuppression
{
    internal object Key { get; } = key;

    internal object Message { get; } = message;

    internal bool Repeats { get; } = repeats;
}

/// <summary>The timers of one instance of an actor.</summary>
internal sealed class ActorTimers(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, (TimerFired Fired, Cancelable Cancelable)> _timers = [];

    public IReadOnlyCollection<object> ActiveTimers => [.. _timers.Keys];

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(
        object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender) =>
        Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Cancelable.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Cancelable.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>Returns the message of a timer that is still in force, or null.</summary>
    internal object? TakeMessage(TimerFired fired)
    {
        if (!_timers.TryGetValue(fired.Key, out var timer) || !ReferenceEquals(timer.Fired, fired))
        {
            return null;
        }

        if (!fired.Repeats)
        {
            _timers.Remove(fired.Key);
        }

        return fired.Message;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        Cancel(key);
        var scheduler = cell.SystemImpl.Scheduler;
        var fired = new TimerFired(key, message, interval is not null);
        var cancelable = new Cancelable(scheduler);
        _timers.Add(key, (fired, cancelable));
        if (interval is { } value)
        {
            scheduler.ScheduleTellRepeatedly(delay, value, cell.Self, fired, sender ?? cell.Self, cancelable);
        }
        else
        {
            scheduler.ScheduleTellOnce(delay, cell.Self, fired, sender ?? cell.Self, cancelable);
        }
    }
}
