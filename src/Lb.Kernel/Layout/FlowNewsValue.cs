using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>One record of the news of flows.</summary>
[BtfType("lb_flow_news")]
[StructLayout(LayoutKind.Sequential)]
internal struct FlowNewsValue
{
    public FlowKey6 Flow;
    public uint Service;
    public uint Backend;
    public FlowNewsKind Kind;
    public byte Family;
    public Padding6 Pad;

    public readonly FlowNews ToNews() => new(
        new Flow(
            Flow.Src.ToIPAddress(NativeFamily.ToManaged(Family)),
            Flow.Sport.Host,
            Flow.Dst.ToIPAddress(NativeFamily.ToManaged(Family)),
            Flow.Dport.Host,
            (TransportProtocol)Flow.Proto),
        Service,
        Backend,
        Kind);
}

/// <summary>Records of the news of flows on one CPU.</summary>
[BtfType("lb_news_counts")]
[StructLayout(LayoutKind.Sequential)]
internal struct NewsCountsValue
{
    public ulong Written;
    public ulong NoRoom;

    public static FlowNewsCounts operator +(FlowNewsCounts sum, NewsCountsValue part) =>
        new(sum.Written + part.Written, sum.NoRoom + part.NoRoom);
}
