using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>How VIPs are announced.</summary>
public enum AnnounceMode
{
    /// <summary>Not at all: routes to the nodes are somebody else's affair.</summary>
    None,

    /// <summary>By ARP and NDP: one node holds each VIP on a segment of the network.</summary>
    Arp,

    /// <summary>By BGP: every node says that it can be reached by it.</summary>
    Bgp,
}

/// <summary>What the operator wants of the announcer.</summary>
/// <param name="Mode">How VIPs are announced.</param>
/// <param name="Interfaces">Interfaces that VIPs are put on, the first of them where no network of theirs has the VIP.</param>
/// <param name="Lifetime">How long the kernel keeps a VIP that is not renewed.</param>
/// <param name="Prefers">VIPs go back to the node that is first in order for them.</param>
/// <param name="Addresses">Addresses that are announced beside those of services, as a gateway of nat backends.</param>
/// <param name="WithdrawEmpty">With <see cref="AnnounceMode.Bgp"/>: no route to a VIP without a usable backend.</param>
/// <param name="Follows">The process goes on with what one before it holds, which ends.</param>
public sealed record AnnouncerSettings(
    AnnounceMode Mode,
    ImmutableArray<string> Interfaces,
    TimeSpan Lifetime,
    bool Prefers,
    ImmutableArray<IPAddress> Addresses,
    bool WithdrawEmpty,
    bool Follows)
{
    /// <summary>What is announced before the services are known: the same by the file that the node starts with.</summary>
    public ImmutableHashSet<IPAddress> FirstVips { get; init; } = [];

    /// <summary>Says when the node has caught up with the others; null for one that need not.</summary>
    public JoinGate? Gate { get; init; }
}
