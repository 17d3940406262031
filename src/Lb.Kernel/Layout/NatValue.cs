using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>What a reply of a nat backend becomes.</summary>
[BtfType("lb_nat")]
[StructLayout(LayoutKind.Sequential)]
internal struct NatValue
{
    public Address16 Vip;
    public Be16 Port;
    public NatFlags Flags;
    public byte Pad;
    public uint Service;
    public uint Backend;
}
