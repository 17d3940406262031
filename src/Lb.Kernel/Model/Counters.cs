namespace Lb.Kernel;

/// <summary>Packets and bytes; bytes count whole frames as they arrived.</summary>
/// <param name="Packets">Number of packets.</param>
/// <param name="Bytes">Number of bytes.</param>
public readonly record struct Counter(ulong Packets, ulong Bytes);

/// <summary>What a service or a backend carried, summed over the CPUs.</summary>
/// <param name="Forwarded">To backends.</param>
/// <param name="Replied">From backends, where replies pass the node.</param>
/// <param name="Dropped">Refused; the reasons are among the verdicts.</param>
/// <param name="NewFlows">SYNs of TCP and INITs of SCTP forwarded.</param>
/// <param name="Tracked">Flow entries created.</param>
/// <param name="Untracked">Flow entries not created because the insert budget was spent.</param>
public readonly record struct Traffic(
    Counter Forwarded, Counter Replied, Counter Dropped, ulong NewFlows, ulong Tracked, ulong Untracked);
