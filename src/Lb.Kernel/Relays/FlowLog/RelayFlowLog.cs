using System.Net;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Relays;

/// <summary>An event as loops write it: without an object of its own.</summary>
/// <param name="Ticks">When, in UTC.</param>
/// <param name="Begins">It has reached its backend.</param>
/// <param name="End">Why it ended, otherwise.</param>
/// <param name="Peer">The client.</param>
/// <param name="Vip">The service.</param>
/// <param name="Backend">Its backend; null when it had none.</param>
/// <param name="Slot">Slot of the flow.</param>
/// <param name="ToBackend">Payload from the client.</param>
/// <param name="ToClient">Payload from the backend.</param>
/// <param name="Milliseconds">Since it was accepted.</param>
internal readonly record struct RelayLogEntry(
    long Ticks,
    bool Begins,
    RelayEnd End,
    SocketAddress Peer,
    Endpoint Vip,
    Endpoint? Backend,
    uint Slot,
    long ToBackend,
    long ToClient,
    long Milliseconds);

/// <summary>Events of relayed connections on their way to the flow log. There is no queue before a service logs.</summary>
internal sealed class RelayFlowLog : IRelayFlowLog
{
    /// <summary>About a third of a second of 25,000 connections a second.</summary>
    private const int Room = 1 << 14;

    private readonly Lock _lock = new();
    private volatile BoundedQueue<RelayLogEntry>? _queue;
    private long _lost;

    /// <inheritdoc/>
    public bool IsOpen => _queue is not null;

    /// <inheritdoc/>
    public long Written => _queue?.Written ?? 0;

    /// <inheritdoc/>
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc/>
    public Action? Crowded { get; set; }

    /// <summary>Makes the queue.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _queue ??= new BoundedQueue<RelayLogEntry>(Room);
        }
    }

    /// <summary>Adds an event, or counts it as lost. Any thread may.</summary>
    public void Write(in RelayLogEntry entry)
    {
        if (_queue is not { } queue || !queue.TryAdd(entry, out long waiting))
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        if (waiting == Room / 2)
        {
            Crowded?.Invoke();
        }
    }

    /// <inheritdoc/>
    public int Read(Action<RelayFlowEvent> into, int most)
    {
        ArgumentNullException.ThrowIfNull(into);
        int count = 0;
        while (count < most && _queue is { } queue && queue.TryTake(out RelayLogEntry entry))
        {
            into(ToEvent(entry));
            count++;
        }

        return count;
    }

    private static RelayFlowEvent ToEvent(in RelayLogEntry entry)
    {
        SocketAddress peer = entry.Peer;
        return new RelayFlowEvent(
            new DateTimeOffset(entry.Ticks, TimeSpan.Zero),
            entry.Begins ? null : entry.End,
            new IPAddress(peer.Address),
            peer.Port,
            entry.Vip,
            entry.Backend,
            entry.Slot,
            entry.ToBackend,
            entry.ToClient,
            TimeSpan.FromMilliseconds(entry.Milliseconds));
    }
}
