using System.Collections.Concurrent;

namespace Akka.TestKit;

/// <summary>What a test actor got and the test has not looked at. One test thread at a time takes from it.</summary>
internal sealed class TestQueue : IDisposable
{
    private readonly ConcurrentQueue<MessageEnvelope> _messages = new();
    private readonly SemaphoreSlim _available = new(0);

    internal int Count => _messages.Count;

    internal void Add(MessageEnvelope envelope)
    {
        _messages.Enqueue(envelope);
        _available.Release();
    }

    /// <summary>Waits for a message and takes it, or only looks at it; null when none comes in time.</summary>
    internal async ValueTask<MessageEnvelope?> Next(
        bool isAsync, bool take, TimeSpan max, CancellationToken cancellationToken)
    {
        if (!await Wait(isAsync, max, cancellationToken))
        {
            return null;
        }

        if (take)
        {
            return _messages.TryDequeue(out var taken) ? taken : null;
        }

        _available.Release();
        return _messages.TryPeek(out var seen) ? seen : null;
    }

    public void Dispose() => _available.Dispose();

    private async ValueTask<bool> Wait(bool isAsync, TimeSpan max, CancellationToken cancellationToken)
    {
        if (max < TimeSpan.Zero && max != Timeout.InfiniteTimeSpan)
        {
            return false;
        }

        try
        {
            return isAsync
                ? await _available.WaitAsync(max, cancellationToken)
                : _available.Wait(max, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
