using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>One record of the flow log.</summary>
[BtfType("lb_flow_event")]
[StructLayout(LayoutKind.Sequential)]
internal struct FlowEventValue
{
    public FlowKey6 Flow;
    public FlowEventKind Event;
    public FlowEventFlags Flags;
    public Hook Hook;
    public byte Family;
    public uint Service;
    public uint Backend;
    public uint Slot;
    public ulong Time;

    /// <summary>The event, with times of the monotonic clock as times of day.</summary>
    /// <param name="boot">Time of day at which the monotonic clock was zero.</param>
    public readonly FlowEvent ToEvent(DateTimeOffset boot)
    {
        AddressFamily family = NativeFamily.ToManaged(Family);
        return new FlowEvent(
            boot.AddTicks((long)(Time / 100)),
            Event,
            new Flow(
                Flow.Src.ToIPAddress(family),
                Flow.Sport.Host,
                Flow.Dst.ToIPAddress(family),
                Flow.Dport.Host,
                (TransportProtocol)Flow.Proto),
            Service,
            Backend,
            Slot,
            Hook,
            Flags.HasFlag(FlowEventFlags.Tracked),
            Flags.HasFlag(FlowEventFlags.Moved));
    }
}

/// <summary>What the program knows of a flow beside its backend.</summary>
[Flags]
[BtfType("lb_event_flag", Prefix = "LB_EVENT_")]
internal enum FlowEventFlags : byte
{
    None = 0,
    Tracked = 1 << 0,
    Moved = 1 << 1,
}
