using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>Who moves what one socket of a relayed connection sends.</summary>
[BtfType("lb_pair_state", Prefix = "LB_PAIR_")]
internal enum PairState : uint
{
    /// <summary>The kernel.</summary>
    Moves = 0,

    /// <summary>The loop, which has asked for it.</summary>
    Asked = 1,

    /// <summary>The loop: too much waited for the other socket.</summary>
    Full = 2,

    /// <summary>The loop: the other socket was not there.</summary>
    Alone = 3,

    /// <summary>Nobody: what the loop was to read became too much, and the rest is lost.</summary>
    Over = 4,
}

/// <summary>What one socket of a relayed connection sends, while the kernel has a part in it.</summary>
[BtfType("lb_pair_end")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PairEndValue
{
    public ulong Bytes;
    public ulong Passed;
    public ulong Read;
    public PairState State;
    public uint Begun;
    public uint Next;
    public uint End;
    public uint Mark;
    public uint Older;
    public uint Newer;
    public fixed uint Pad[3];
}

/// <summary>Names an end that was left to the loop.</summary>
[BtfType("lb_pair_call")]
[StructLayout(LayoutKind.Sequential)]
internal struct PairCallValue
{
    public uint Index;
    public uint Pad;
}
