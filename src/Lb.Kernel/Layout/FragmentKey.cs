using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A datagram over IPv4 that comes in fragments.</summary>
[BtfType("lb_fragment4")]
[StructLayout(LayoutKind.Sequential)]
internal struct FragmentKey4
{
    public Be32 Src;
    public Be32 Dst;
    public Be16 Id;
    public byte Proto;
    public byte Pad;
}

/// <summary>A datagram over IPv6 that comes in fragments.</summary>
[BtfType("lb_fragment6")]
[StructLayout(LayoutKind.Sequential)]
internal struct FragmentKey6
{
    public Address16 Src;
    public Address16 Dst;
    public Be32 Id;
}

/// <summary>What the first fragment of a datagram was found to be.</summary>
[BtfType("lb_fragment")]
[StructLayout(LayoutKind.Sequential)]
internal struct FragmentValue
{
    public uint Backend;
    public uint Service;
    public uint Hash;
    public uint Seen;
    public Be16 Port;
    public byte Way;
    public byte Proto;
}
