using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A key that stands for a flow of one address family.</summary>
internal interface IFlowKey<TSelf>
    where TSelf : unmanaged, IFlowKey<TSelf>
{
    static abstract TSelf From(Flow flow);

    Flow ToFlow();
}

/// <summary>A flow over IPv4.</summary>
[BtfType("lb_flow4")]
[StructLayout(LayoutKind.Sequential)]
internal struct FlowKey4 : IFlowKey<FlowKey4>
{
    public Be32 Src;
    public Be32 Dst;
    public Be16 Sport;
    public Be16 Dport;
    public byte Proto;
    public Padding3 Pad;

    public static FlowKey4 From(Flow flow) => new()
    {
        Src = IPv4.ToBe32(flow.Source),
        Dst = IPv4.ToBe32(flow.Vip),
        Sport = flow.SourcePort,
        Dport = flow.VipPort,
        Proto = (byte)flow.Protocol,
    };

    public readonly Flow ToFlow() => new(
        IPv4.ToIPAddress(Src), Sport.Host, IPv4.ToIPAddress(Dst), Dport.Host, (TransportProtocol)Proto);
}

/// <summary>A flow over IPv6.</summary>
[BtfType("lb_flow6")]
[StructLayout(LayoutKind.Sequential)]
internal struct FlowKey6 : IFlowKey<FlowKey6>
{
    public Address16 Src;
    public Address16 Dst;
    public Be16 Sport;
    public Be16 Dport;
    public byte Proto;
    public Padding3 Pad;

    public static FlowKey6 From(Flow flow) => new()
    {
        Src = Address16.From(flow.Source),
        Dst = Address16.From(flow.Vip),
        Sport = flow.SourcePort,
        Dport = flow.VipPort,
        Proto = (byte)flow.Protocol,
    };

    public readonly Flow ToFlow() => new(
        Src.ToIPAddress(AddressFamily.InterNetworkV6),
        Sport.Host,
        Dst.ToIPAddress(AddressFamily.InterNetworkV6),
        Dport.Host,
        (TransportProtocol)Proto);
}

/// <summary>What is remembered of a flow.</summary>
[BtfType("lb_flow_entry")]
[StructLayout(LayoutKind.Sequential)]
internal struct FlowValue
{
    public uint Backend;
    public uint Service;
    public uint Slot;
    public uint Seen;
}
