using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>The maps of flows, and of clients, as <c>lb_flow_counts</c> numbers them.</summary>
[BtfType("lb_flow_table", Prefix = "LB_TABLE_", Count = "LB_TABLE_COUNT")]
internal enum FlowTable : uint
{
    Flows4 = 0,
    Flows6 = 1,
    Pending4 = 2,
    Pending6 = 3,
    Clients4 = 4,
    Clients6 = 5,
}

/// <summary>Entries that the program added and took out on one CPU.</summary>
[BtfType("lb_flow_counts")]
[StructLayout(LayoutKind.Sequential)]
internal struct FlowCountsValue
{
    public ulong Made;
    public ulong Removed;
}
