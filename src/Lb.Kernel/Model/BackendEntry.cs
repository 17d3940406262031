using System.Net;
using System.Net.NetworkInformation;

namespace Lb.Kernel;

/// <summary>A backend of one service as the kernel holds it.</summary>
/// <param name="Service">Id of the service it belongs to.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port, host byte order.</param>
/// <param name="Alive">Flows it already has are still sent to it.</param>
/// <param name="NextHop">How to reach it; null while unknown, and its packets are dropped and counted.</param>
public sealed record BackendEntry(uint Service, IPAddress Address, ushort Port, bool Alive, NextHop? NextHop)
{
    /// <summary>UDP port that <see cref="ForwardingMode.DsrGue"/> sends to, host byte order; 0 for another mode.</summary>
    public ushort TunnelPort { get; init; }

    /// <summary>The largest MSS that nat lets SYNs of both directions say; 0 for any.</summary>
    public ushort Mss { get; init; }

    /// <summary>Its service goes by traffic control, as <see cref="ServiceEntry.ByTc"/>.</summary>
    public bool ByTc { get; init; }
}

/// <summary>Where a packet for an address leaves the node.</summary>
/// <param name="InterfaceIndex">Outgoing interface.</param>
/// <param name="Source">Link-layer address of that interface.</param>
/// <param name="Destination">Link-layer address of the gateway, or of the address itself on its own link.</param>
/// <param name="SourceAddress">The node's address towards it: the outer source of a tunnel.</param>
/// <param name="Mtu">Of the interface, or of the route if that says less, layer-3 bytes.</param>
public sealed record NextHop(
    int InterfaceIndex, PhysicalAddress Source, PhysicalAddress Destination, IPAddress SourceAddress, int Mtu)
{
    /// <summary>A router on the way. The kernel's maps do not hold it: what is read of them says false.</summary>
    public bool IsGateway { get; init; }
}
