namespace Akka.TestKit;

/// <content>How long to wait.</content>
public abstract partial class TestKitBase
{
    /// <summary>What is left of the innermost <c>Within</c>; else <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>What is left of the innermost <c>Within</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public TimeSpan Remaining => _end is { } end
        ? end - Clock
        : throw new InvalidOperationException("Remaining has a value inside of Within only");

    /// <summary>Returns the time, dilated; without one, <see cref="RemainingOrDefault"/>.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration)
    {
        if (duration is not { } value)
        {
            return RemainingOrDefault;
        }

        return value == Timeout.InfiniteTimeSpan
            ? throw new ArgumentException("An expectation cannot wait for ever", nameof(duration))
            : Dilated(value);
    }

    /// <summary>Multiplies a time by <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) =>
        duration > TimeSpan.Zero ? duration * TestKitSettings.TestTimeFactor : duration;

    /// <summary>Returns the time; without one, <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? TestKitSettings.SingleExpectDefault;

    /// <summary>Returns what is left of the innermost <c>Within</c>; outside of one, the time given.</summary>
    protected TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? end - Clock : duration;

    internal TimeSpan FilterTimeout(TimeSpan? timeout) =>
        timeout is { } given ? Dilated(given) : RemainingOr(Dilated(TestKitSettings.TestEventFilterLeeway));

    /// <summary>The result of a method that was told to wait on this thread: it is there already.</summary>
    private static T Result<T>(ValueTask<T> done) => done.AsTask().GetAwaiter().GetResult();
}
