namespace Akka.TestKit;

/// <content>Receiving one message.</content>
public abstract partial class TestKitBase
{
    /// <summary>Returns the next message; null when none comes in time.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Result(Receive(isAsync: false, take: true, max, cancellationToken)).Message;

    /// <inheritdoc cref="ReceiveOne(TimeSpan?, CancellationToken)"/>
    public async ValueTask<object?> ReceiveOneAsync(
        TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Receive(isAsync: true, take: true, max, cancellationToken)).Message;

    /// <summary>Receives the next message with its sender; false when none comes in time.</summary>
    public bool TryReceiveOne(
        out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        envelope = Result(Receive(isAsync: false, take: true, max, cancellationToken));
        return envelope is not NullMessageEnvelope;
    }

    /// <inheritdoc cref="TryReceiveOne(out MessageEnvelope, TimeSpan?, CancellationToken)"/>
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(
        TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var envelope = await Receive(isAsync: true, take: true, max, cancellationToken);
        return (envelope is not NullMessageEnvelope, envelope);
    }

    /// <summary>Returns the next message and leaves it to be received; null when none comes in time.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Result(Receive(isAsync: false, take: false, max, cancellationToken)).Message;

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)"/>
    public async ValueTask<object?> PeekOneAsync(
        TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Receive(isAsync: true, take: false, max, cancellationToken)).Message;

    /// <summary>Returns the next message and leaves it to be received; null when the wait was cancelled.</summary>
    public object? PeekOne(CancellationToken cancellationToken) =>
        PeekOne(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <inheritdoc cref="PeekOne(CancellationToken)"/>
    public ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken) =>
        PeekOneAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Shows the next message with its sender and leaves it; false when none comes in time.</summary>
    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        envelope = Result(Receive(isAsync: false, take: false, max, cancellationToken));
        return envelope is not NullMessageEnvelope;
    }

    /// <inheritdoc cref="TryPeekOne(out MessageEnvelope, TimeSpan?, CancellationToken)"/>
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryPeekOneAsync(
        TimeSpan? max, CancellationToken cancellationToken)
    {
        var envelope = await Receive(isAsync: true, take: false, max, cancellationToken);
        return (envelope is not NullMessageEnvelope, envelope);
    }

    private async ValueTask<MessageEnvelope> Receive(
        bool isAsync, bool take, TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = await _queue.Next(isAsync, take, GetTimeoutOrDefault(max), cancellationToken);
        _lastWasNoMessage = false;
        _lastMessage = next ?? NullMessageEnvelope.Instance;
        return _lastMessage;
    }
}
