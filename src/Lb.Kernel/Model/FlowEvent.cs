using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>Which flows of a service go to the flow log.</summary>
[BtfType("lb_logging", Prefix = "LB_LOGGING_")]
public enum FlowLogging : byte
{
    /// <summary>None.</summary>
    Off = 0,

    /// <summary>One in so many, chosen by the flow's hash: all events of a flow or none, on every node the same.</summary>
    Sampled = 1,

    /// <summary>All.</summary>
    Full = 2,
}

/// <summary>What became of a flow, as far as the client's packets show it.</summary>
[BtfType("lb_event", Prefix = "LB_EVENT_")]
public enum FlowEventKind : byte
{
    /// <summary>TCP: a SYN was forwarded. SCTP: an INIT. UDP: a packet of a flow that was silent, or never seen.</summary>
    Begin = 1,

    /// <summary>TCP: the client's FIN was forwarded. SCTP: its part in a shutdown.</summary>
    End = 2,

    /// <summary>TCP: the client's RST was forwarded. SCTP: its ABORT.</summary>
    Reset = 3,
}

/// <summary>Where in the kernel a packet was forwarded.</summary>
[BtfType("lb_hook", Prefix = "LB_HOOK_")]
public enum Hook : byte
{
    /// <summary>XDP.</summary>
    Xdp = 1,

    /// <summary>Traffic control.</summary>
    Tc = 2,
}

/// <summary>An event of the flow log.</summary>
/// <param name="Time">When the packet was forwarded.</param>
/// <param name="Kind">What became of the flow.</param>
/// <param name="Flow">The five-tuple, client to VIP.</param>
/// <param name="Service">Service id.</param>
/// <param name="Backend">Backend index.</param>
/// <param name="Slot">Its slot in the service's table.</param>
/// <param name="Hook">Where it was forwarded.</param>
/// <param name="Tracked">It is in the flow tables.</param>
/// <param name="Moved">Its slot is moved.</param>
public readonly record struct FlowEvent(
    DateTimeOffset Time,
    FlowEventKind Kind,
    Flow Flow,
    uint Service,
    uint Backend,
    uint Slot,
    Hook Hook,
    bool Tracked,
    bool Moved);

/// <summary>What the kernel counts of the flow log.</summary>
/// <param name="Written">Events handed to user space.</param>
/// <param name="NoRoom">Events lost because the ring buffer was full.</param>
/// <param name="NoMemory">
/// Packets of UDP of which it could not be told whether they begin a flow: too many flows at once.
/// </param>
public readonly record struct FlowLogCounts(ulong Written, ulong NoRoom, ulong NoMemory);
