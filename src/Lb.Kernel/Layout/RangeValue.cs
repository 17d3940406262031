using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A service of more than one address or port, by its number.</summary>
[BtfType("lb_range")]
[StructLayout(LayoutKind.Sequential)]
internal struct RangeValue
{
    public Address16 Addr;
    public Be16 First;
    public Be16 Last;
    public byte Proto;
    public byte Family;
    public byte Bits;
    public byte Pad;

    /// <summary>An entry without a protocol was never written, or was cleared.</summary>
    public readonly bool InUse => Proto != 0;

    public static RangeValue From(Endpoint service) => new()
    {
        Addr = Address16.From(service.Address),
        First = service.Port,
        Last = service.HighestPort,
        Proto = (byte)service.Protocol,
        Family = NativeFamily.Of(service.Address.AddressFamily),
        Bits = (byte)service.Network.PrefixLength,
    };

    /// <summary>The service; null when the entry is not in use, or stands for none that there can be.</summary>
    public readonly Endpoint? ToEndpoint()
    {
        AddressFamily family = NativeFamily.ToManaged(Family);
        bool isSound = InUse && Last.Host >= First.Host
            && Bits <= (family == AddressFamily.InterNetwork ? 32 : 128);
        return isSound
            ? Endpoint.Of(
                PrefixMask.Network(Addr.ToIPAddress(family), Bits), First.Host, Last.Host, (TransportProtocol)Proto)
            : null;
    }
}

/// <summary>Lengths of keys of the trie of ports.</summary>
[BtfType("lb_ports_length", Prefix = "LB_PORTS_")]
internal enum PortsLength
{
    Bits = 64,
}

/// <summary>Ports of a group, as the trie of ports has them: those that begin with the same bits.</summary>
[BtfType("lb_ports_key")]
[StructLayout(LayoutKind.Sequential)]
internal struct PortsKey
{
    private const uint BitsBeforePort = (uint)PortsLength.Bits - 16;

    public uint Length;
    public uint Group;
    public byte Proto;
    public byte Pad;
    public Be16 Port;

    public static PortsKey From(uint group, TransportProtocol protocol, PortBlock block) => new()
    {
        Length = BitsBeforePort + (uint)block.Bits,
        Group = group,
        Proto = (byte)protocol,
        Port = block.First,
    };

    /// <summary>What the ports are; a key that no one of this version writes gives a block of no port.</summary>
    public readonly PortBlock Block => new(Port.Host, (int)Length - (int)BitsBeforePort);
}
