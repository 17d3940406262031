using System.Runtime.CompilerServices;

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
        [EnumeratorCancellation] CancellationToken cancellationToken)
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
