using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>Version of the layouts of this folder.</summary>
[BtfType("lb_layout", Prefix = "LB_LAYOUT_")]
internal enum LayoutConstant : uint
{
    Version = 1,
}

/// <summary>Which layouts these can be carried over from and to.</summary>
[BtfType("lb_carried", Prefix = "LB_CARRIED_")]
internal enum CarriedLayout : uint
{
    Oldest = 1,
}

/// <summary>Sizes that the programs rely on.</summary>
[BtfType("lb_limit", Prefix = "LB_")]
internal enum Limit
{
    TickShift = 30,
    LogIdle = 32,
    AnswerLimit = 1000,
    ResetLimit = 10000,
    FragmentIdle4 = 28,
    FragmentIdle6 = 56,
    BackendLimit = 1 << 24,
    SourceLimit = 64,
}

/// <summary>Flags of <see cref="Slot"/>'s previous backend.</summary>
[Flags]
[BtfType("lb_slot_flag", Prefix = "LB_SLOT_")]
internal enum SlotFlags : uint
{
    WindowOver = 1 << 24,
}

/// <summary>Flags of the node.</summary>
[Flags]
[BtfType("lb_node_flag", Prefix = "LB_NODE_")]
internal enum NodeFlags : uint
{
    None = 0,
    Nat4 = 1 << 0,
    Nat6 = 1 << 1,
    Shared = 1 << 2,
    Full4 = 1 << 3,
    Full6 = 1 << 4,
    Ranges4 = 1 << 5,
    Ranges6 = 1 << 6,
    RangesTc = 1 << 7,
    NatRanges4 = 1 << 8,
    NatRanges6 = 1 << 9,
}

/// <summary>The node's own entry.</summary>
[BtfType("lb_node")]
[StructLayout(LayoutKind.Sequential)]
internal struct NodeValue
{
    public LayoutConstant Layout;
    public NodeFlags Flags;
    public uint Inserts;
    public uint Sample;
}
