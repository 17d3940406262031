namespace Lb.Kernel.Relays;

/// <summary>Who waits for room below a limit of a service: loops that accept nothing, and connections without a backend.</summary>
internal sealed class RelayRoom
{
    private int _waiting;
    private int _called;
    private long _held;

    /// <summary>How often something began to wait.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Something waits now.</summary>
    public bool IsWaitedFor => Volatile.Read(ref _waiting) > 0;

    /// <summary>Something waits.</summary>
    public void Take()
    {
        Interlocked.Increment(ref _held);
        Interlocked.Increment(ref _waiting);
    }

    /// <summary>It waits no more.</summary>
    public void Free() => Interlocked.Decrement(ref _waiting);

    /// <summary>There is room.</summary>
    /// <returns>Whether the loops are to be told: somebody waits, and they were not told yet.</returns>
    public bool Call() => Volatile.Read(ref _waiting) > 0 && Interlocked.Exchange(ref _called, 1) == 0;

    /// <summary>A loop was told.</summary>
    public void Answer() => Volatile.Write(ref _called, 0);
}
