using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>A backend of a relayed service, with its counters. Every loop counts here.</summary>
internal sealed class RelayBackend(Endpoint socket)
{
    /// <summary>Address and port as the kernel takes them.</summary>
    public SocketAddress Address { get; } = new(socket.Address, socket.Port);

    public Endpoint Socket { get; } = socket;

    public RelayCounter Counter { get; } = new();

    /// <summary>When a datagram was last refused, in ms of the loops' clock; any loop may write it.</summary>
    public long Refused { get; set; } = long.MinValue / 2;

    /// <summary>What choices look at.</summary>
    public RelayLoad Load { get; } = new();

    /// <summary>What the node may use of the backend's limit; null where nodes count for themselves.</summary>
    public RelayShare? Share { get; set; }

    /// <summary>How many connections it may have now.</summary>
    /// <param name="limit">What is configured; 0 for any number.</param>
    public int Most(int limit) =>
        limit == 0 ? int.MaxValue : Share is { } share ? Math.Min(limit, share.Most) : limit;

    /// <summary>Takes room for one more connection, if there is.</summary>
    /// <param name="limit">What is configured; 0 for any number.</param>
    public bool TryEnter(int limit)
    {
        bool enters = Load.TryEnter(Most(limit));
        if (!enters)
        {
            Share?.Miss();
        }

        return enters;
    }

    /// <summary>Whether it has all the connections that it may have.</summary>
    /// <param name="limit">What is configured; 0 for any number.</param>
    public bool IsFull(int limit)
    {
        bool full = limit > 0 && Load.Open >= Most(limit);
        if (full)
        {
            Share?.Miss();
        }

        return full;
    }

    /// <summary>What was seen of its failures.</summary>
    public RelayOutlier Outlier { get; } = new();
}

/// <summary>
/// Counters of a backend or a service. Each loop counts in a place of its own, so that no CPU takes a line of memory from
/// another for a byte that is relayed; whoever reads adds them up.
/// </summary>
internal sealed class RelayCounter
{
    private readonly Share[] _shares = new Share[RelayLoop.Most + 1];

    public long Open
    {
        get
        {
            long open = 0;
            foreach (ref Share share in _shares.AsSpan())
            {
                open += Volatile.Read(ref share.Open);
            }

            return open;
        }
    }

    public void AddConnection() => Add(ref Mine.Connections, 1);

    public void AddOpen(int change) => Add(ref Mine.Open, change);

    public void AddBytesToBackend(long bytes) => Add(ref Mine.ToBackend, bytes);

    public void AddBytesToClient(long bytes) => Add(ref Mine.ToClient, bytes);

    public void AddFailure() => Add(ref Mine.Failures, 1);

    public RelayCounts Read()
    {
        Share sum = default;
        foreach (ref Share share in _shares.AsSpan())
        {
            sum.Connections += Volatile.Read(ref share.Connections);
            sum.Open += Volatile.Read(ref share.Open);
            sum.ToBackend += Volatile.Read(ref share.ToBackend);
            sum.ToClient += Volatile.Read(ref share.ToClient);
            sum.Failures += Volatile.Read(ref share.Failures);
        }

        return new RelayCounts(sum.Connections, sum.Open, sum.ToBackend, sum.ToClient, sum.Failures);
    }

    private ref Share Mine => ref _shares[RelayLoop.Current];

    private static void Add(ref long counter, long change)
    {
        if (RelayLoop.Current == RelayLoop.None)
        {
            Interlocked.Add(ref counter, change);
        }
        else
        {
            // Nobody else writes it.
            Volatile.Write(ref counter, counter + change);
        }
    }

    /// <summary>What one loop has counted, on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Share
    {
        public long Connections;
        public long Open;
        public long ToBackend;
        public long ToClient;
        public long Failures;
    }
}
