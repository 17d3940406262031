using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The scheduler: a queue of what is due and one timer set to the earliest. With an empty queue the timer is off,
/// so an idle system uses no processor time.
/// </summary>
internal sealed class TimerQueueScheduler : SchedulerBase, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimerHeap _heap = new();
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ITimer _timer;
    private long _order;
    private long _armedFor = long.MaxValue;
    private bool _stopped;

    internal TimerQueueScheduler(Config scheduler, ILoggingAdapter log, TimeProvider time)
        : base(scheduler, log)
    {
        _time = time;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(
            static self => ((TimerQueueScheduler)self!).FireDue(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    public override TimeSpan MonotonicClock => _time.GetElapsedTime(_started);

    protected override DateTimeOffset TimeNow => _time.GetUtcNow();

    /// <summary>How much waits to become due.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _heap.Count;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            while (_heap.Earliest is { } item)
            {
                _heap.Remove(item);
            }
        }

        _timer.Dispose();
    }

    /// <summary>Runs an action after a delay; the returned item can be given to <see cref="Cancel"/>.</summary>
    internal ScheduledItem Schedule(TimeSpan delay, Action action)
    {
        var item = new ScheduledAction(action);
        Add(item, delay, TimeSpan.Zero, null);
        return item;
    }

    internal void Cancel(ScheduledItem item)
    {
        lock (_lock)
        {
            item.IntervalTicks = 0;
            _heap.Remove(item);
        }
    }

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(new ScheduledTell(receiver, message, sender), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) =>
        Add(new ScheduledTell(receiver, message, sender), initialDelay, interval, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(new ScheduledAction(action), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(new ScheduledAction(action), initialDelay, interval, cancelable);

    private void Add(ScheduledItem item, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true })
        {
            return;
        }

        item.IntervalTicks = interval.Ticks;
        item.Cancelable = cancelable;
        lock (_lock)
        {
            if (_stopped)
            {
                throw new SchedulerException("The scheduler has been stopped with its actor system");
            }

            var now = MonotonicClock.Ticks;
            item.DueTicks = delay.Ticks > long.MaxValue - now ? long.MaxValue : now + delay.Ticks;
            item.Order = _order++;
            _heap.Add(item);
            Arm(now);
        }

        // Outside the lock: a token that is cancelled by now calls back at once.
        (cancelable as Cancelable)?.Attach(this, item);
    }

    /// <summary>Sets the timer to the earliest item; a timer that is early only looks and is set again.</summary>
    private void Arm(long now)
    {
        if (_heap.Earliest is not { } earliest || earliest.DueTicks >= _armedFor)
        {
            return;
        }

        _armedFor = earliest.DueTicks;
        var delay = TimeSpan.FromTicks(Math.Max(0, earliest.DueTicks - now));

        // A timer fires by the millisecond: round up, or it would fire early and once more.
        var milliseconds = Math.Min(Math.Ceiling(delay.TotalMilliseconds), uint.MaxValue - 2d);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void FireDue()
    {
        while (TakeDue() is { } item)
        {
            if (item.Cancelable is { IsCancellationRequested: true })
            {
                continue;
            }

            try
            {
                item.Fire();
            }
            catch (Exception e)
            {
                Log.Error(e, "A scheduled action failed");
            }
        }
    }

    private ScheduledItem? TakeDue()
    {
        lock (_lock)
        {
            var now = MonotonicClock.Ticks;
            if (_stopped || _heap.Earliest is not { } item || item.DueTicks > now)
            {
                _armedFor = long.MaxValue;
                if (!_stopped)
                {
                    Arm(now);
                }

                return null;
            }

            _heap.Remove(item);
            if (item.IntervalTicks > 0 && item.Cancelable is not { IsCancellationRequested: true })
            {
                // From the time it was due, not from now: a late timer does not shift the ones after it.
                item.DueTicks = Math.Max(item.DueTicks + item.IntervalTicks, now - item.IntervalTicks);
                item.Order = _order++;
                _heap.Add(item);
            }

            return item;
        }
    }

    private sealed class ScheduledTell(ICanTell receiver, object message, IActorRef? sender) : ScheduledItem
    {
        internal override void Fire() => receiver.Tell(message, sender);
    }

    private sealed class ScheduledAction(Action action) : ScheduledItem
    {
        internal override void Fire() => action();
    }
}
