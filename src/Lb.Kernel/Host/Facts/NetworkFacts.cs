using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace Lb.Kernel.Host;

/// <summary>Settings of the network that hold for all interfaces.</summary>
public sealed record NetworkFacts
{
    /// <summary>Of IPv4.</summary>
    public IPv4Settings? IPv4 { get; init; }

    /// <summary>Of IPv6; null where there is none.</summary>
    public IPv6Settings? IPv6 { get; init; }

    /// <summary>Interfaces that follow router advertisements only as long as they do not forward.</summary>
    public ImmutableArray<string> RouterAdvertisements { get; init; } = [];

    /// <summary>Chains of nftables that drop what is forwarded unless a rule accepts it.</summary>
    public ImmutableArray<string> DroppingChains { get; init; } = [];

    /// <summary>Ports that the host gives to its own connections.</summary>
    public (int First, int Last)? LocalPorts { get; init; }

    /// <summary>Ports among them that it gives to none.</summary>
    public ImmutableArray<(int First, int Last)> ReservedPorts { get; init; } = [];

    /// <summary>Addresses for full-nat that are this host's own.</summary>
    public ImmutableArray<IPAddress> OwnFullNat { get; init; } = [];

    /// <summary>Connections that conntrack knows, and how many it can; null while it is not in use.</summary>
    public (long Count, long Limit)? Conntrack { get; init; }
}

/// <summary>Settings of IPv4, of an interface or of all.</summary>
/// <param name="ReversePathFilter">Takes 0: every source; 1: those reached by it; 2: those reached at all.</param>
/// <param name="Forwarding">Packets for others are forwarded.</param>
/// <param name="AcceptLocal">Packets are taken whose source is the host's own address.</param>
public sealed record IPv4Settings(int ReversePathFilter, bool Forwarding, bool AcceptLocal);

/// <summary>Settings of IPv6, of an interface or of all.</summary>
/// <param name="Forwarding">Packets for others are forwarded.</param>
public sealed record IPv6Settings(bool Forwarding);

/// <summary>How a backend is reached.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Local">The address is this host's own.</param>
/// <param name="Route">The route to it; null when there is none.</param>
public sealed record BackendFacts(IPAddress Address, bool Local, RouteFacts? Route);

/// <summary>A route to another host.</summary>
/// <param name="Interface">Outgoing interface.</param>
/// <param name="Via">The gateway; the address itself on its own link.</param>
/// <param name="Answers">Whether that neighbour answers; null when it needs not, or could not be asked.</param>
public sealed record RouteFacts(string Interface, IPAddress Via, bool? Answers);

/// <summary>Who has a VIP.</summary>
/// <param name="Address">The VIP.</param>
/// <param name="Interface">The host's interface that holds it; null when the host does not.</param>
/// <param name="Routed">The host knows a way to it: its own, or a route.</param>
/// <param name="Claims">Other hosts that answer for it.</param>
public sealed record VipFacts(IPAddress Address, string? Interface, bool Routed, ImmutableArray<VipClaim> Claims);

/// <summary>Somebody else answers for a VIP.</summary>
/// <param name="Interface">Where it was heard.</param>
/// <param name="By">The link-layer address that answers.</param>
/// <param name="Router">That is the host's own router, which may answer for every address.</param>
public sealed record VipClaim(string Interface, PhysicalAddress By, bool Router);
