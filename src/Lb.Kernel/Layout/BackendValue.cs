using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>Flags of a backend.</summary>
[Flags]
[BtfType("lb_backend_flag", Prefix = "LB_BACKEND_")]
internal enum BackendFlags : byte
{
    None = 0,
    Alive = 1 << 0,
    NextHop = 1 << 1,
    Tc = 1 << 2,
}

/// <summary>A backend of one service.</summary>
[BtfType("lb_backend")]
[StructLayout(LayoutKind.Sequential)]
internal struct BackendValue
{
    public Address16 Addr;
    public Address16 Src;
    public Be16 Port;
    public byte Family;
    public BackendFlags Flags;
    public uint Ifindex;
    public Mac Dmac;
    public Mac Smac;
    public uint Mtu;
    public uint Service;
    public Be16 Tunnel;
    public ushort Mss;

    /// <summary>An entry without a family was never written, or was cleared.</summary>
    public readonly bool InUse => Family != 0;

    public static BackendValue From(BackendEntry entry)
    {
        var value = new BackendValue
        {
            Addr = Address16.From(entry.Address),
            Port = entry.Port,
            Family = NativeFamily.Of(entry.Address.AddressFamily),
            Flags = (entry.Alive ? BackendFlags.Alive : BackendFlags.None)
                | (entry.ByTc ? BackendFlags.Tc : BackendFlags.None),
            Service = entry.Service,
            Tunnel = entry.TunnelPort,
            Mss = entry.Mss,
        };
        if (entry.NextHop is { } hop)
        {
            value.Flags |= BackendFlags.NextHop;
            value.Src = Address16.From(hop.SourceAddress);
            value.Ifindex = (uint)hop.InterfaceIndex;
            value.Dmac = Mac.From(hop.Destination);
            value.Smac = Mac.From(hop.Source);
            value.Mtu = (uint)hop.Mtu;
        }

        return value;
    }

    public readonly BackendEntry ToEntry()
    {
        AddressFamily family = NativeFamily.ToManaged(Family);
        NextHop? hop = Flags.HasFlag(BackendFlags.NextHop)
            ? new NextHop(
                (int)Ifindex,
                Smac.ToPhysicalAddress(),
                Dmac.ToPhysicalAddress(),
                Src.ToIPAddress(family),
                (int)Mtu)
            : null;
        return new BackendEntry(
            Service, Addr.ToIPAddress(family), Port.Host, Flags.HasFlag(BackendFlags.Alive), hop)
        {
            TunnelPort = Tunnel.Host,
            Mss = Mss,
            ByTc = Flags.HasFlag(BackendFlags.Tc),
        };
    }
}
