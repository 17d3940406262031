namespace Akka.TestKit;

/// <content>Waiting for something to become true.</content>
public abstract partial class TestKitBase
{
    private static readonly TimeSpan AssertInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries the assertion again and again until it passes; its own failure is thrown in the end.</summary>
    public void AwaitAssert(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Result(TryAgain(false, Returned(assertion), duration, interval, cancellationToken));

    /// <inheritdoc cref="AwaitAssert(Action, TimeSpan?, TimeSpan?, CancellationToken)"/>
    public async Task AwaitAssertAsync(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await TryAgain(true, Returned(assertion), duration, interval, cancellationToken);

    /// <inheritdoc cref="AwaitAssert(Action, TimeSpan?, TimeSpan?, CancellationToken)"/>
    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await TryAgain(true, assertion, duration, interval, cancellationToken);

    /// <summary>Waits until the condition holds, for <see cref="RemainingOrDefault"/> at most.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string message,
        CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until the condition holds and looks at it once in an interval.</summary>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        Result(Until(false, Asked(conditionIsFulfilled), max, interval, message, cancellationToken));

    /// <summary>Waits until the condition holds; false when it does not within that time.</summary>
    public bool AwaitConditionNoThrow(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Result(ComesTrue(
            false, Asked(conditionIsFulfilled), RemainingOrDilated(max), interval, cancellationToken));

    /// <inheritdoc cref="AwaitConditionNoThrow(Func{bool}, TimeSpan, TimeSpan?, CancellationToken)"/>
    public async Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await ComesTrue(true, conditionIsFulfilled, RemainingOrDilated(max), interval, cancellationToken);

    /// <inheritdoc cref="AwaitConditionNoThrow(Func{bool}, TimeSpan, TimeSpan?, CancellationToken)"/>
    public Task<bool> AwaitConditionNoThrowAsync(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(Asked(conditionIsFulfilled), max, interval, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Asked(conditionIsFulfilled), null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Asked(conditionIsFulfilled), max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Asked(conditionIsFulfilled), max, interval, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public async Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        await Until(true, conditionIsFulfilled, max, interval, message, cancellationToken);

    private async ValueTask<bool> TryAgain(
        bool isAsync, Func<Task> assertion, TimeSpan? duration, TimeSpan? interval,
        CancellationToken cancellationToken)
    {
        var stop = Clock + RemainingOrDilated(duration);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await assertion();
                return true;
            }
            catch (Exception) when (Clock < stop)
            {
                // It has time left to become true.
            }

            await Pause(isAsync, interval ?? AssertInterval, stop, cancellationToken);
        }
    }

    private async ValueTask<bool> Until(
        bool isAsync, Func<Task<bool>> condition, TimeSpan? max, TimeSpan? interval, string? message,
        CancellationToken cancellationToken)
    {
        var longest = RemainingOrDilated(max);
        if (!await ComesTrue(isAsync, condition, longest, interval, cancellationToken))
        {
            Fail($"The condition did not come true within {longest}{Hint(message)}");
        }

        return true;
    }

    private static async ValueTask<bool> ComesTrue(
        bool isAsync, Func<Task<bool>> condition, TimeSpan longest, TimeSpan? interval,
        CancellationToken cancellationToken)
    {
        var stop = Clock + longest;
        while (!await condition())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Clock >= stop)
            {
                return false;
            }

            await Pause(isAsync, interval ?? longest / 10, stop, cancellationToken);
        }

        return true;
    }

    private static async ValueTask Pause(
        bool isAsync, TimeSpan interval, TimeSpan stop, CancellationToken cancellationToken)
    {
        var left = Max(stop - Clock, TimeSpan.Zero);
        var pause = interval < left ? interval : left;
        if (isAsync)
        {
            await Task.Delay(pause, cancellationToken);
        }
        else
        {
            cancellationToken.WaitHandle.WaitOne(pause);
        }
    }

    private static Func<Task<bool>> Asked(Func<bool> condition) => () => Task.FromResult(condition());

    private static Func<Task> Returned(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };
}
