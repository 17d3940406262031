using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>What a relay has to do with a service, beside its mode.</summary>
[Flags]
[BtfType("lb_relay_flag", Prefix = "LB_RELAY_")]
public enum RelayFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Packets are handed to the relay's sockets by the program at traffic control.</summary>
    Tc = 1 << 0,

    /// <summary>New flows go to the relay; older ones go on by <see cref="ForwardingMode.Nat"/>.</summary>
    OlderNat = 1 << 1,

    /// <summary>New flows go to the relay; older ones go on by <see cref="ForwardingMode.DsrIpip"/>.</summary>
    OlderIpip = 1 << 2,

    /// <summary>New flows go by the mode; older connections go on by the relay.</summary>
    Older = 1 << 3,

    /// <summary>New flows go to the relay; older ones go on by <see cref="ForwardingMode.DsrL2"/>.</summary>
    OlderL2 = 1 << 4,

    /// <summary>New flows go to the relay; older ones go on by <see cref="ForwardingMode.DsrGue"/>.</summary>
    OlderGue = 1 << 5,

    /// <summary>There are flows of <see cref="ForwardingMode.FullNat"/>: new ones in that mode, older ones in another.</summary>
    FullNat = 1 << 6,
}

/// <summary>What there is to know of a backend's packets, beside what they become.</summary>
[Flags]
[BtfType("lb_nat_flag", Prefix = "LB_NAT_")]
public enum NatFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Relays connect to it from clients' addresses: a packet that has a socket is theirs.</summary>
    Sockets = 1 << 0,

    /// <summary>Nothing is rewritten: it has relays only.</summary>
    RelaysOnly = 1 << 1,

    /// <summary>The MSS of its answers to SYNs is that of the backend's entry at most.</summary>
    Mss = 1 << 2,

    /// <summary>Its service goes by traffic control, as <see cref="ServiceEntry.ByTc"/>.</summary>
    Tc = 1 << 3,
}
