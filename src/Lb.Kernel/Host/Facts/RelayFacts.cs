using System.Collections.Immutable;
using System.Net.Sockets;

namespace Lb.Kernel.Host;

/// <summary>What relays need of a host, and what is in their way. Read only for a site that has relayed services.</summary>
public sealed record RelayFacts
{
    /// <summary>Whether libnftables is installed.</summary>
    public bool Library { get; init; }

    /// <summary>Why the kernel does not take rules as relays need them; null when it does, or was not asked.</summary>
    public string? RuleProblem { get; init; }

    /// <summary>Why the kernel cannot carry relayed connections; null when it can, or was not asked.</summary>
    public string? SockmapProblem { get; init; }

    /// <summary>Mark, and number of the routing table, of packets that are taken to relays.</summary>
    public uint Mark { get; init; }

    /// <summary>Mark of the relays' own packets; 0 when they have none.</summary>
    public uint SocketMark { get; init; }

    /// <summary>What is missing of the plumbing: the table of nftables, routing rules, routes. Of a running site that is a fault.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>
    /// VIPs that <c>sk_lookup</c> is asked for and that are no addresses of the host.
    /// </summary>
    public ImmutableArray<Endpoint> NotLocal { get; init; } = [];

    /// <summary>Programs of others that name sockets in the network namespace, where the site has or wants one.</summary>
    public ImmutableArray<string> OtherLookups { get; init; } = [];

    /// <summary>Routing rules by mark, but for the site's own.</summary>
    public ImmutableArray<RoutingRuleFacts> Rules { get; init; } = [];

    /// <summary>Services whose port somebody else has.</summary>
    public ImmutableArray<TakenPortFacts> Taken { get; init; } = [];

    /// <summary>Chains of nftables that see packets before relays do, and drop what no rule accepts.</summary>
    public ImmutableArray<string> DroppingBefore { get; init; } = [];

    /// <summary>Chains of nftables that drop what comes in for the host unless a rule accepts it.</summary>
    public ImmutableArray<string> DroppingInput { get; init; } = [];

    /// <summary>Interfaces, or <c>all</c>, that look up the way back of a packet with its mark (<c>src_valid_mark</c>).</summary>
    public ImmutableArray<string> MarkedSources { get; init; } = [];

    /// <summary>Accepted connections take the mark of the packet that began them (<c>tcp_fwmark_accept</c>).</summary>
    public bool MarkIsAccepted { get; init; }

    /// <summary>Most connections that wait to be accepted (<c>somaxconn</c>).</summary>
    public long? Backlog { get; init; }
}

/// <summary>A routing rule.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Priority">Where it stands.</param>
/// <param name="Mark">The mark that it asks for.</param>
/// <param name="Mask">The bits of it that count.</param>
/// <param name="What">What it does, as <c>lookup 100</c>.</param>
public sealed record RoutingRuleFacts(AddressFamily Family, uint Priority, uint Mark, uint Mask, string What)
{
    /// <summary>As <c>ip rule</c> names it.</summary>
    public string Command => $"ip {(Family == AddressFamily.InterNetwork ? "" : "-6 ")}rule";

    /// <summary>Whether it takes packets with a mark.</summary>
    public bool Takes(uint mark) => (mark & Mask) == Mark;

    /// <summary>As sentences name it.</summary>
    public override string ToString() => $"{Priority}: fwmark 0x{Mark:x}/0x{Mask:x} {What}";
}

/// <summary>Somebody else has the port of a relayed service.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Holder">Who; null when it cannot be told.</param>
public sealed record TakenPortFacts(Endpoint Vip, ProcessReference? Holder);
