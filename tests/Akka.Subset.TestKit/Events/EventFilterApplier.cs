using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Puts filters to a block of code.</summary>
internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogFilter> filters)
    : IEventFilterApplier
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(
        TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(1, null, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(
        TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, null, Returning(action), cancellationToken);

    public void Expect(
        int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, timeout, Returning(action), cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, null, func, cancellationToken);

    public T Expect<T>(
        int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, timeout, func, cancellationToken);

    public Task ExpectAsync(
        int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, null, Returning(actionAsync), cancellationToken);

    public Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, timeout, Returning(action), cancellationToken);

    public Task ExpectAsync(
        int expectedCount, Func<Task> actionAsync, TimeSpan? timeout, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, timeout, Returning(actionAsync), cancellationToken);

    public Task<T> ExpectAsync<T>(
        int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, null, func, cancellationToken);

    public Task<T> ExpectAsync<T>(
        int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(expectedCount, timeout, func, cancellationToken);

    public IUnmutableFilter Mute() => new Muted(system, new LogFilterSet(filters), testkit);

    public void Mute(Action action, CancellationToken cancellationToken = default) =>
        Mute(Returning(action), cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var muted = Mute();
        return func();
    }

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        MuteAsync(Returning(action), cancellationToken);

    public async Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var muted = Mute();
        return await func();
    }

    private T Intercept<T>(int expected, TimeSpan? timeout, Func<T> func, CancellationToken cancellationToken)
    {
        var set = new LogFilterSet(filters);
        using var muted = new Muted(system, set, testkit);
        var result = func();
        var wait = Wait.For(testkit.FilterTimeout(timeout));
        while (wait.GoesOn(set, expected))
        {
            cancellationToken.ThrowIfCancellationRequested();
            cancellationToken.WaitHandle.WaitOne(Interval);
        }

        Check(set, expected, wait);
        return result;
    }

    private async Task<T> InterceptAsync<T>(
        int expected, TimeSpan? timeout, Func<Task<T>> func, CancellationToken cancellationToken)
    {
        var set = new LogFilterSet(filters);
        using var muted = new Muted(system, set, testkit);
        var result = await func();
        var wait = Wait.For(testkit.FilterTimeout(timeout));
        while (wait.GoesOn(set, expected))
        {
            await Task.Delay(Interval, cancellationToken);
        }

        Check(set, expected, wait);
        return result;
    }

    private void Check(LogFilterSet set, int expected, Wait wait)
    {
        var matched = set.Matched;
        if (matched != expected)
        {
            testkit.TestAssertions.Fail(
                "{0} of these were expected within {1} but {2} came: {3}; {4}", expected, wait.Longest, matched, set,
                set.Others);
        }
    }

    private static Func<bool> Returning(Action action) => () =>
    {
        action();
        return true;
    };

    private static Func<Task<bool>> Returning(Func<Task> action) => async () =>
    {
        await action();
        return true;
    };

    /// <summary>The wait after a block: until enough came, or, when nothing may come, for the whole time.</summary>
    private readonly record struct Wait(TimeSpan Longest, long Start)
    {
        internal static Wait For(TimeSpan longest) => new(longest, System.Diagnostics.Stopwatch.GetTimestamp());

        internal bool GoesOn(LogFilterSet set, int expected) =>
            set.Matched < Math.Max(1, expected) && System.Diagnostics.Stopwatch.GetElapsedTime(Start) < Longest;
    }

    /// <summary>Filters in force from now on until they are disposed of.</summary>
    private sealed class Muted : IUnmutableFilter
    {
        private readonly ActorSystem _system;
        private readonly LogFilterSet _set;

        internal Muted(ActorSystem system, LogFilterSet set, TestKitBase testkit)
        {
            _system = system;
            _set = set;

            // A listener that has not begun yet to listen would let the first events pass.
            var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            system.EventStream.Publish(new TestEventListener.Mute(set, listening));
            if (!listening.Task.Wait(testkit.FilterTimeout(null)))
            {
                throw new InvalidOperationException(
                    $"The system [{system.Name}] has no {nameof(TestEventListener)} among its akka.loggers");
            }
        }

        public void Unmute() => _system.EventStream.Publish(new TestEventListener.Unmute(_set));

        public void Dispose() => Unmute();
    }
}
