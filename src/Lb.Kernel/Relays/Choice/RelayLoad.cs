namespace Lb.Kernel.Relays;

/// <summary>What choices look at of a backend. Every loop writes here, a few times for each connection.</summary>
internal sealed class RelayLoad
{
    private int _open;

    /// <summary>Connections to it that are open or being opened.</summary>
    public int Open => Volatile.Read(ref _open);

    public PeakLatency Latency { get; } = new();

    /// <summary>Takes room for a connection that there is in any case.</summary>
    public void Enter() => Interlocked.Increment(ref _open);

    /// <summary>Takes room for one more connection.</summary>
    /// <param name="most">There is room for so many.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _open) <= most)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);
}
