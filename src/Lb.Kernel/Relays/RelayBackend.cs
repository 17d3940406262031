using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>A backend of a relayed service, with its counters. Every loop counts here.</summary>
internal sealed class RelayBackend(Endpoint socket)
{
    /// <summary>Address and port as the kernel takes them.</summary>
    public SocketAddress Address { get; } = new(socket.Address, socket.Port);

    public Endpoint Socket { get; } = socket;

    public RelayCounter Counter { get; } = new();

    /// <summary>What choices look at.</summary>
    public RelayLoad Load { get; } = new();

    /// <summary>What was seen of its failures.</summary>
    public RelayOutlier Outlier { get; } = new();
}

/// <summary>Counters of a backend or a service.</summary>
internal sealed class RelayCounter
{
    private long _connections;
    private long _open;
    private long _toBackend;
    private long _toClient;
    private long _failures;

    public long Open => Interlocked.Read(ref _open);

    public void AddConnection() => Interlocked.Increment(ref _connections);

    public void AddOpen(int change) => Interlocked.Add(ref _open, change);

    public void AddBytesToBackend(long bytes) => Interlocked.Add(ref _toBackend, bytes);

    public void AddBytesToClient(long bytes) => Interlocked.Add(ref _toClient, bytes);

    public void AddFailure() => Interlocked.Increment(ref _failures);

    public RelayCounts Read() => new(
        Interlocked.Read(ref _connections),
        Interlocked.Read(ref _open),
        Interlocked.Read(ref _toBackend),
        Interlocked.Read(ref _toClient),
        Interlocked.Read(ref _failures));
}
