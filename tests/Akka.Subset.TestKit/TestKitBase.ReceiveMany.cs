namespace Akka.TestKit;

/// <content>Receiving several messages.</content>
public abstract partial class TestKitBase
{
    /// <summary>Receives that many messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(
        int numberOfMessages, CancellationToken cancellationToken = default) =>
        Result(ReceiveCount(isAsync: false, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <summary>Receives that many messages in that time.</summary>
    public IReadOnlyCollection<object> ReceiveN(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Result(ReceiveCount(isAsync: false, numberOfMessages, Dilated(max), cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveEach(numberOfMessages, RemainingOrDefault, cancellationToken);

    /// <inheritdoc cref="ReceiveN(int, TimeSpan, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveEach(numberOfMessages, Dilated(max), cancellationToken);

    /// <summary>
    /// Receives messages as long as <paramref name="filter"/> makes something of them, and returns what it made.
    /// The message it returned null for stays in the queue.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
        where T : class =>
        ReceiveWhile(filter, max, null, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
    {
        var accepted = new List<T>();
        Result(ReceiveAsLong(
            isAsync: false, message => Accept(accepted, filter(message)), max, idle, () => accepted.Count < msgs,
            cancellationToken));
        return accepted;
    }

    /// <summary>
    /// Receives messages as long as <paramref name="shouldContinue"/> says so. The message it said no to stays in
    /// the queue, as one of another type does unless those are left out.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default)
        where T : class
    {
        var accepted = new List<T>();
        Result(ReceiveAsLong(
            isAsync: false, message => Accept(accepted, message, shouldContinue, shouldIgnoreOtherMessageTypes), max,
            idle, () => accepted.Count < msgs, cancellationToken));
        return accepted;
    }

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)"/>
    public async IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var accepted = new List<T>();
        await ReceiveAsLong(
            isAsync: true, message => Accept(accepted, filter(message)), max, idle, () => accepted.Count < msgs,
            cancellationToken);
        foreach (var message in accepted)
        {
            yield return message;
        }
    }

    private static bool Accept<T>(List<T> accepted, T? result)
    {
        if (result is null)
        {
            return false;
        }

        accepted.Add(result);
        return true;
    }

    private static bool Accept<T>(List<T> accepted, object message, Predicate<T> shouldContinue, bool ignoreOthers)
    {
        if (message is not T typed)
        {
            return ignoreOthers;
        }

        if (!shouldContinue(typed))
        {
            return false;
        }

        accepted.Add(typed);
        return true;
    }

    private async ValueTask<bool> ReceiveAsLong(
        bool isAsync, Func<object, bool> accepts, TimeSpan? max, TimeSpan? idle, Func<bool> wantsMore,
        CancellationToken cancellationToken)
    {
        var stop = Clock + RemainingOrDilated(max);
        MessageEnvelope last = NullMessageEnvelope.Instance;
        while (wantsMore())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = stop - Clock;
            var wait = idle is { } given && given != Timeout.InfiniteTimeSpan && given < left ? given : left;
            var next = await _queue.Next(isAsync, take: false, Max(wait, TimeSpan.Zero), cancellationToken);
            if (next is null || !accepts(next.Message!))
            {
                break;
            }

            last = (await _queue.Next(isAsync, take: true, TimeSpan.Zero, CancellationToken.None))!;
        }

        _lastMessage = last;
        _lastWasNoMessage = true;
        return true;
    }

    private async ValueTask<IReadOnlyCollection<object>> ReceiveCount(
        bool isAsync, int count, TimeSpan max, CancellationToken cancellationToken)
    {
        var received = new List<object>();
        var stop = Clock + max;
        while (received.Count < count)
        {
            received.Add(await ReceiveOrFail(isAsync, received, count, max, stop, cancellationToken));
        }

        return received;
    }

    private async IAsyncEnumerable<object> ReceiveEach(
        int count, TimeSpan max,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var received = new List<object>();
        var stop = Clock + max;
        while (received.Count < count)
        {
            received.Add(await ReceiveOrFail(isAsync: true, received, count, max, stop, cancellationToken));
            yield return received[^1];
        }
    }

    private async ValueTask<object> ReceiveOrFail(
        bool isAsync, List<object> received, int count, TimeSpan max, TimeSpan stop,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var envelope = await Receive(isAsync, take: true, Max(stop - Clock, TimeSpan.Zero), cancellationToken);
        if (envelope.Message is null)
        {
            Fail($"{count} messages were expected within {max} but only {received.Count} came: {List(received)}");
        }

        return envelope.Message!;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string List<T>(IEnumerable<T> messages) =>
        "[" + string.Join(", ", messages.Select(message => $"<{message}>")) + "]";
}
