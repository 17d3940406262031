namespace Lb.Kernel;

/// <summary>How a relay chooses the backend of a new connection.</summary>
public enum RelayBalance : byte
{
    /// <summary>The current backend of the flow's slot, as the kernel path does: the same on every node.</summary>
    Maglev,

    /// <summary>The backend with the fewest open connections for its weight.</summary>
    LeastConnections,

    /// <summary>Of two backends at random the one with less latency and fewer connections for its weight.</summary>
    PeakEwma,

    /// <summary>Of two backends at random the one with fewer open connections for its weight.</summary>
    TwoChoices,
}
