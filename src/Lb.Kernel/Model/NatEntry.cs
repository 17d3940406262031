using System.Net;

namespace Lb.Kernel;

/// <summary>What a reply of a nat backend becomes.</summary>
/// <param name="Vip">Source address that the client sees.</param>
/// <param name="Port">Source port that the client sees, host byte order; 0 where that is the one which the reply has.</param>
/// <param name="Service">Service id, for the counters.</param>
/// <param name="Backend">Backend index, for the counters.</param>
public sealed record NatEntry(IPAddress Vip, ushort Port, uint Service, uint Backend)
{
    /// <summary>What there is to know beside.</summary>
    public NatFlags Flags { get; init; }
}
