using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time stands still until the test moves it. It is chosen by
/// <c>akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"</c>.
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Item, (long DueTicks, long Order)> _items = new();
    private DateTimeOffset _now = DateTimeOffset.UtcNow;
    private long _order;

    /// <summary>Creates the scheduler.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <summary>The scheduler's time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>The machine's own clock, which the test does not move.</summary>
    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <inheritdoc cref="MonotonicClock"/>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc cref="Now"/>
    protected DateTimeOffset TimeNow => Now;

    /// <summary>
    /// Moves the time. What is due by the new time happens on this thread, in the order of its times; what repeats
    /// happens once and is then due an interval after the new time.
    /// </summary>
    public void Advance(TimeSpan offset)
    {
        var due = new List<Item>();
        lock (_lock)
        {
            _now += offset;
            while (_items.TryPeek(out _, out var priority) && priority.DueTicks <= _now.UtcTicks)
            {
                due.Add(_items.Dequeue());
            }
        }

        foreach (var item in due.Where(item => !item.IsCancelled))
        {
            item.Action();
            if (item.Interval is { } interval && !item.IsCancelled)
            {
                Add(item, interval);
            }
        }
    }

    /// <summary>Moves the time to an instant.</summary>
    /// <exception cref="InvalidOperationException">The instant has passed.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        var now = Now;
        if (when < now)
        {
            throw new InvalidOperationException($"The time is {now:O} already and cannot go back to {when:O}");
        }

        Advance(when - now);
    }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(new Item(() => receiver.Tell(message, sender), null, cancelable), delay);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender,
        ICancelable? cancelable) =>
        Add(new Item(() => receiver.Tell(message, sender), interval, cancelable), initialDelay);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(new Item(action, null, cancelable), delay);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(new Item(action, interval, cancelable), initialDelay);

    private void Add(Item item, TimeSpan delay)
    {
        lock (_lock)
        {
            _items.Enqueue(item, ((_now + delay).UtcTicks, _order++));
        }
    }

    private sealed record Item(Action Action, TimeSpan? Interval, ICancelable? Cancelable)
    {
        internal bool IsCancelled => Cancelable is { IsCancellationRequested: true };
    }
}
