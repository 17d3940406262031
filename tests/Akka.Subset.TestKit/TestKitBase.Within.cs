namespace Akka.TestKit;

/// <content>Blocks of code that are bounded in time.</content>
public abstract partial class TestKitBase
{
    /// <summary>Requires the block to take at most that time, which also bounds the waiting inside of it.</summary>
    public void Within(
        TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Requires the block to take a time between these, the longer of which bounds the waiting.</summary>
    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Result(Bound(min, max, Completed(action), hint, epsilonValue, cancellationToken));

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public T Within<T>(
        TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Result(Bound(min, max, () => ValueTask.FromResult(function()), hint, epsilonValue, cancellationToken));

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task WithinAsync(
        TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public async Task WithinAsync(
        TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        await Bound(min, max, Completed(actionAsync), hint, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task<T> WithinAsync<T>(
        TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public async Task<T> WithinAsync<T>(
        TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        await Bound(min, max, async () => await function(), hint, epsilonValue, cancellationToken);

    private async ValueTask<T> Bound<T>(
        TimeSpan min, TimeSpan max, Func<ValueTask<T>> function, string? hint, TimeSpan? epsilon,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, TimeSpan.Zero);
        cancellationToken.ThrowIfCancellationRequested();
        var start = Clock;
        var outer = _end;
        var longest = Dilated(max);
        if (outer is { } outerEnd)
        {
            var left = outerEnd - start;
            Require(left >= min, $"A block that takes {min} at least has only {left} left{Hint(hint)}");
            longest = left < longest ? left : longest;
        }

        _lastWasNoMessage = false;
        _end = start + longest;
        T result;
        try
        {
            result = await function();
        }
        finally
        {
            _end = outer;
        }

        var elapsed = Clock - start;
        Require(elapsed >= min, $"The block took {elapsed} but must take {min} at least{Hint(hint)}");

        // A block that ends by waiting for silence uses up its time.
        Require(
            _lastWasNoMessage || elapsed <= longest + (epsilon ?? TimeSpan.Zero),
            $"The block took {elapsed} but may take {longest} at most{Hint(hint)}");
        return result;
    }

    private static Func<ValueTask<bool>> Completed(Action action) => () =>
    {
        action();
        return ValueTask.FromResult(true);
    };

    private static Func<ValueTask<bool>> Completed(Func<Task> action) => async () =>
    {
        await action();
        return true;
    };
}
