using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>An address and ports that full-nat sends from.</summary>
[BtfType("lb_source")]
[StructLayout(LayoutKind.Sequential)]
internal struct SourceValue
{
    public Address16 Addr;
    public ushort First;
    public ushort Ports;
    public uint Pad;
}

/// <summary>What was seen of a flow of full-nat in one direction.</summary>
[Flags]
[BtfType("lb_full_flag", Prefix = "LB_FULL_")]
internal enum FullFlags : byte
{
    None = 0,
    Reply = 1 << 0,
    Answered = 1 << 1,
    Fin = 1 << 2,
    Reset = 1 << 3,
}

/// <summary>A datagram of full-nat that comes in fragments, or what it becomes.</summary>
[BtfType("lb_full_piece")]
[StructLayout(LayoutKind.Sequential)]
internal struct FullPieceKey
{
    public Address16 Src;
    public Address16 Dst;
    public Be32 Id;
    public byte Proto;
    public Padding3 Pad;
}

/// <summary>What the fragments behind a first one become.</summary>
[BtfType("lb_full_rest")]
[StructLayout(LayoutKind.Sequential)]
internal struct FullRestValue
{
    public FullPieceKey Becomes;
    public uint Seen;
    public uint Pad;
}

/// <summary>What packets of one direction of a flow of full-nat become.</summary>
[BtfType("lb_full")]
[StructLayout(LayoutKind.Sequential)]
internal struct FullValue
{
    public FlowKey6 Becomes;
    public uint Backend;
    public uint Service;
    public uint Slot;
    public uint Seen;
    public FullFlags Flags;
    public Padding7 Pad;

    /// <summary>Whether both directions of a flow have ended, or one with a reset.</summary>
    public static FullNatState StateOf(FullFlags there, FullFlags back) =>
        ((there | back) & FullFlags.Reset) != FullFlags.None ? FullNatState.Reset
        : (there & back & FullFlags.Fin) != FullFlags.None ? FullNatState.Closed
        : FullNatState.Open;
}
