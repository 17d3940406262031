using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Akka.Subset.Persistence.Tests.Support;

/// <summary>A journal in memory that the test can hold up and make fail.</summary>
public sealed class TestJournal : MemoryJournal
{
    private volatile TaskCompletionSource _writes = Open();
    private volatile TaskCompletionSource _replays = Open();
    private volatile Exception? _failure;
    private volatile Exception? _rejection;
    private volatile Exception? _replayFailure;
    private int _replaying;

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case HoldWrites:
                _writes = Closed();
                break;
            case ReleaseWrites:
                _writes.TrySetResult();
                break;
            case HoldReplays:
                _replays = Closed();
                break;
            case ReleaseReplays:
                _replays.TrySetResult();
                break;
            case FailWrites fail:
                _failure = fail.Cause;
                break;
            case RejectWrites reject:
                _rejection = reject.Cause;
                break;
            case FailReplays fail:
                _replayFailure = fail.Cause;
                break;
            case CountReplays:
                Sender.Tell(Volatile.Read(ref _replaying));
                return true;
            default:
                return false;
        }

        Sender.Tell(Done.Instance);
        return true;
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        await _writes.Task;
        if (_failure is { } failure)
        {
            throw failure;
        }

        return _rejection is { } rejection
            ? [.. messages.Select(_ => rejection)]
            : await base.WriteMessagesAsync(messages, cancellationToken);
    }

    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _replaying);
        await _replays.Task;
        Interlocked.Decrement(ref _replaying);
        return _replayFailure is { } failure
            ? throw failure
            : await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
    }

    private static TaskCompletionSource Closed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Open()
    {
        var open = Closed();
        open.SetResult();
        return open;
    }

    internal sealed record HoldWrites;

    internal sealed record ReleaseWrites;

    internal sealed record HoldReplays;

    internal sealed record ReleaseReplays;

    internal sealed record FailWrites(Exception Cause);

    /// <summary>Null ends it.</summary>
    internal sealed record RejectWrites(Exception? Cause);

    internal sealed record FailReplays(Exception Cause);

    internal sealed record CountReplays;
}
