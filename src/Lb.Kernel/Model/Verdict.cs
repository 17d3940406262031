using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>What was done with a packet, and why (<c>enum lb_verdict</c>).</summary>
[BtfType("lb_verdict", Prefix = "LB_VERDICT_", Count = "LB_VERDICT_COUNT")]
public enum Verdict : byte
{
    /// <summary>Forwarded to a backend. Counted by service and backend.</summary>
    Forward = 0,

    /// <summary>A reply of a nat backend, rewritten to come from the VIP.</summary>
    Reply = 1,

    /// <summary>A ping to a VIP, answered.</summary>
    Echo = 2,

    /// <summary>An ICMP error about a flow, sent to the backend that has it.</summary>
    IcmpError = 3,

    /// <summary>For a VIP, but for none of its services: handed to the host.</summary>
    PassNoService = 4,

    /// <summary>From a nat backend to an address that is exempt: handed to the host.</summary>
    PassDirect = 5,

    /// <summary>Dropped: an IP fragment for a VIP whose first one is not known, or was none to forward.</summary>
    DropFragment = 6,

    /// <summary>Dropped: IP options or extension headers on a packet for a VIP.</summary>
    DropIpOptions = 7,

    /// <summary>Dropped: truncated, or lengths that contradict each other.</summary>
    DropMalformed = 8,

    /// <summary>Dropped: the service has no backend.</summary>
    DropNoBackend = 9,

    /// <summary>Dropped: the backend's link-layer address is not known yet.</summary>
    DropNoNextHop = 10,

    /// <summary>Dropped: TTL or hop limit used up.</summary>
    DropTtl = 11,

    /// <summary>Dropped: longer than the MTU on the way, encapsulation included, and its sender could not be told.</summary>
    DropTooBig = 12,

    /// <summary>Dropped: an ICMP error to a VIP about no flow of it.</summary>
    DropIcmpUnknown = 13,

    /// <summary>Dropped: no room in front of the packet for the outer header.</summary>
    DropHeadroom = 14,

    /// <summary>A rewritten reply for which there is no route in XDP: handed to the host's stack.</summary>
    PassNoRoute = 15,

    /// <summary>Not sent on, for it is longer than the way takes: its sender was told by ICMP how long it may be.</summary>
    IcmpTooBig = 16,

    /// <summary>Dropped: full-nat has found no free port for a new flow to its backend.</summary>
    DropNoPort = 17,

    /// <summary>Not sent on, for there is no living backend for its flow: its sender was told by a RST.</summary>
    TcpReset = 18,

    /// <summary>Dropped: of a flow without a living backend, and its sender was not told.</summary>
    DropDeadFlow = 19,
}
