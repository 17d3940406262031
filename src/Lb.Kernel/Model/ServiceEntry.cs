using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>How a packet reaches its backend.</summary>
[BtfType("lb_mode", Prefix = "LB_MODE_")]
public enum ForwardingMode : byte
{
    /// <summary>Destination rewritten; replies pass the node and are rewritten back. No flow state.</summary>
    Nat = 1,

    /// <summary>Encapsulated in IPv4 or IPv6 (RFC 2003, RFC 2473); the backend answers the client itself.</summary>
    DsrIpip = 2,

    /// <summary>Connections and datagrams are taken by a relay in user space, which passes them to the backend.</summary>
    Tproxy = 3,

    /// <summary>
    /// The frame is addressed to the backend, which is on a link of the node; the backend answers the client itself.
    /// </summary>
    DsrL2 = 4,

    /// <summary>
    /// Encapsulated in UDP, as GUE variant 1 (draft-ietf-intarea-gue, section 4), whose source port tells flows apart on
    /// the way; the backend answers the client itself.
    /// </summary>
    DsrGue = 5,

    /// <summary>
    /// Source and destination rewritten: the backend sees an address of the node, and answers to it. Every flow has an
    /// entry. <see cref="RelayFlags.FullNat"/> goes with it.
    /// </summary>
    FullNat = 6,
}

/// <summary>Which flows of a service are remembered.</summary>
[BtfType("lb_tracking", Prefix = "LB_TRACKING_")]
public enum Tracking : byte
{
    /// <summary>Only flows on moved slots.</summary>
    Minimal = 0,

    /// <summary>Every flow.</summary>
    Full = 1,

    /// <summary>None: a changed slot moves its flows.</summary>
    None = 2,
}

/// <summary>A service as the kernel holds it.</summary>
/// <param name="Id">Index of its counters.</param>
/// <param name="Table">Index of its Maglev table among the tables.</param>
/// <param name="Slots">Number of slots of that table; 0 while there is none.</param>
/// <param name="Seed">Seed of the flow hash.</param>
/// <param name="Mode">Forwarding mode.</param>
/// <param name="Tracking">Which flows are remembered.</param>
public sealed record ServiceEntry(
    uint Id, uint Table, uint Slots, uint Seed, ForwardingMode Mode, Tracking Tracking)
{
    /// <summary>Which of its flows are logged.</summary>
    public FlowLogging Logging { get; init; }

    /// <summary>With affinity, the bits of a source's address that tell its clients apart; null without.</summary>
    public int? AffinityPrefix { get; init; }

    /// <summary>With affinity, the ticks that a client keeps its backend for when the table changes; 0 for none.</summary>
    public uint AffinityTicks { get; init; }

    /// <summary>How QUIC connection IDs name its backends; null when they do not.</summary>
    public QuicRouting? Quic { get; init; }

    /// <summary>What its flows' slots depend on.</summary>
    public FlowHashing Hashing => new(Seed, AffinityPrefix);

    /// <summary>Its packets are forwarded at traffic control: XDP leaves them.</summary>
    public bool ByTc { get; init; }

    /// <summary>Clients of TCP flows whose backend is dead are told by a RST.</summary>
    public bool Resets { get; init; }

    /// <summary>What a relay has to do with it, beside its mode.</summary>
    public RelayFlags Relay { get; init; }

    /// <summary>Some of its flows have a relay.</summary>
    public bool HasRelay => Mode == ForwardingMode.Tproxy || Relay.HasFlag(RelayFlags.Older);
}
