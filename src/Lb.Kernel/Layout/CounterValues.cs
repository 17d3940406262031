using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>Packets and bytes of one CPU.</summary>
[BtfType("lb_counter")]
[StructLayout(LayoutKind.Sequential)]
internal struct CounterValue
{
    public ulong Packets;
    public ulong Bytes;

    public static Counter operator +(Counter sum, CounterValue part) =>
        new(sum.Packets + part.Packets, sum.Bytes + part.Bytes);
}

/// <summary>What a service or a backend carried on one CPU.</summary>
[BtfType("lb_traffic")]
[StructLayout(LayoutKind.Sequential)]
internal struct TrafficValue
{
    public CounterValue Forwarded;
    public CounterValue Replied;
    public CounterValue Dropped;
    public ulong NewFlows;
    public ulong Tracked;
    public ulong Untracked;

    public static Traffic operator +(Traffic sum, TrafficValue part) => new(
        sum.Forwarded + part.Forwarded,
        sum.Replied + part.Replied,
        sum.Dropped + part.Dropped,
        sum.NewFlows + part.NewFlows,
        sum.Tracked + part.Tracked,
        sum.Untracked + part.Untracked);
}

/// <summary>Records of the flow log on one CPU.</summary>
[BtfType("lb_log_counts")]
[StructLayout(LayoutKind.Sequential)]
internal struct LogCountsValue
{
    public ulong Written;
    public ulong NoRoom;
    public ulong NoMemory;

    public static FlowLogCounts operator +(FlowLogCounts sum, LogCountsValue part) =>
        new(sum.Written + part.Written, sum.NoRoom + part.NoRoom, sum.NoMemory + part.NoMemory);
}

/// <summary>Flow entries that one CPU created, or answers that it gave, in the current tick.</summary>
[BtfType("lb_budget")]
[StructLayout(LayoutKind.Sequential)]
internal struct BudgetValue
{
    public uint Tick;
    public uint Used;
}
