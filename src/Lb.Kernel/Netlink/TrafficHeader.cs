using System.Runtime.InteropServices;

namespace Lb.Kernel.Netlink;

/// <summary><c>struct tcmsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TrafficHeader
{
    public byte Family;
    private readonly byte _padding1;
    private readonly ushort _padding2;
    public int InterfaceIndex;
    public uint Handle;
    public uint Parent;
    public uint Info;
}
