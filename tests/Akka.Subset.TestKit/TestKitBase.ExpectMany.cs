using System.Runtime.CompilerServices;

namespace Akka.TestKit;

/// <content>Expecting messages out of several.</content>
public abstract partial class TestKitBase
{
    /// <summary>Requires the next message to equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Result(ExpectAny(false, messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAnyOf{T}(IEnumerable{T}, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(
        IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectAny(true, messages, cancellationToken);

    /// <summary>Requires the next messages to be these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Result(ExpectAll(false, RemainingOrDefault, messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(IReadOnlyCollection{T}, CancellationToken)"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        ExpectMsgAllOf((IReadOnlyCollection<T>)messages);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(IReadOnlyCollection{T}, CancellationToken)"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectMsgAllOf(max, (IReadOnlyCollection<T>)messages);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(IReadOnlyCollection{T}, CancellationToken)"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Result(ExpectAll(false, Dilated(max), messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(IReadOnlyCollection{T}, CancellationToken)"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        ExpectEach(RemainingOrDefault, messages, cancellationToken);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(IReadOnlyCollection{T}, CancellationToken)"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        ExpectEach(Dilated(max), messages, cancellationToken);

    private async ValueTask<T> ExpectAny<T>(
        bool isAsync, IEnumerable<T> messages, CancellationToken cancellationToken)
    {
        var expected = messages.ToList();
        return await Expect<T>(
            isAsync, null, $"any of {List(expected)}",
            (message, sender) => Require(
                expected.Contains(message),
                $"Any of {List(expected)} was expected but what came is <{message}> from {sender}"),
            cancellationToken);
    }

    private async ValueTask<IReadOnlyCollection<T>> ExpectAll<T>(
        bool isAsync, TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken)
    {
        var missing = messages.ToList();
        var unexpected = new List<object>();
        var received = new List<T>();
        var stop = Clock + max;
        for (var i = 0; i < messages.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var envelope = await Receive(isAsync, take: true, Max(stop - Clock, TimeSpan.Zero), cancellationToken);
            if (envelope.Message is not { } message)
            {
                break;
            }

            if (message is T typed && missing.Remove(typed))
            {
                received.Add(typed);
            }
            else
            {
                unexpected.Add(message);
            }
        }

        Require(
            missing.Count == 0 && unexpected.Count == 0,
            $"Within {max} there did not come {List(missing)}; what came beside the expected is {List(unexpected)}");
        return received;
    }

    private async IAsyncEnumerable<T> ExpectEach<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var message in await ExpectAll(true, max, messages, cancellationToken))
        {
            yield return message;
        }
    }
}
