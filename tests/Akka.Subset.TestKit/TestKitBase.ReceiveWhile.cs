using System.Runtime.CompilerServices;

namespace Akka.TestKit;

/// <content>Receiving messages as long as they are of a kind.</content>
public abstract partial class TestKitBase
{
    /// <summary>
    /// Receives messages as long as <paramref name="filter"/> makes something of them, and returns what it made.
    /// The message it returned null for stays in the queue.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, null, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, null, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Result(ReceiveAsLong<T>(isAsync: false, Made(filter), max, idle, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveEachAsLong(Made(filter), max, idle, msgs, cancellationToken);

    /// <summary>
    /// Receives messages as long as <paramref name="shouldContinue"/> says so. The message it said no to stays in
    /// the queue, as one of another type does unless those are left out.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        Result(ReceiveAsLong<T>(
            isAsync: false, Continued(shouldContinue, shouldIgnoreOtherMessageTypes), max, idle, msgs,
            cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(Predicate{T}, TimeSpan?, TimeSpan?, int, bool, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        ReceiveEachAsLong(
            Continued(shouldContinue, shouldIgnoreOtherMessageTypes), max, idle, msgs, cancellationToken);

    private static Func<List<T>, object, bool> Made<T>(Func<object, T?> filter) => (accepted, message) =>
    {
        if (filter(message) is not { } made)
        {
            return false;
        }

        accepted.Add(made);
        return true;
    };

    private static Func<List<T>, object, bool> Continued<T>(Predicate<T> shouldContinue, bool ignoreOthers) =>
        (accepted, message) =>
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
        };

    private async ValueTask<List<T>> ReceiveAsLong<T>(
        bool isAsync, Func<List<T>, object, bool> accepts, TimeSpan? max, TimeSpan? idle, int count,
        CancellationToken cancellationToken)
    {
        var accepted = new List<T>();
        var stop = Clock + RemainingOrDilated(max);
        MessageEnvelope last = NullMessageEnvelope.Instance;
        while (accepted.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = stop - Clock;
            var wait = idle is { } given && given != Timeout.InfiniteTimeSpan && given < left ? given : left;
            var next = await _queue.Next(isAsync, take: false, Max(wait, TimeSpan.Zero), cancellationToken);
            if (next is null || !accepts(accepted, next.Message!))
            {
                break;
            }

            last = (await _queue.Next(isAsync, take: true, TimeSpan.Zero, CancellationToken.None))!;
        }

        _lastMessage = last;
        _lastWasNoMessage = true;
        return accepted;
    }

    private async IAsyncEnumerable<T> ReceiveEachAsLong<T>(
        Func<List<T>, object, bool> accepts, TimeSpan? max, TimeSpan? idle, int count,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var message in await ReceiveAsLong(isAsync: true, accepts, max, idle, count, cancellationToken))
        {
            yield return message;
        }
    }
}
