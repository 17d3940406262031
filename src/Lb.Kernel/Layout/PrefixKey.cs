using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A key of a trie of prefixes of one address family.</summary>
internal interface IPrefixKey<TSelf>
    where TSelf : unmanaged, IPrefixKey<TSelf>
{
    static abstract TSelf From(IPNetwork prefix);

    IPNetwork ToNetwork();
}

/// <summary>A prefix of IPv4 addresses.</summary>
[BtfType("lb_prefix4")]
[StructLayout(LayoutKind.Sequential)]
internal struct PrefixKey4 : IPrefixKey<PrefixKey4>
{
    public uint Length;
    public Be32 Addr;

    public static PrefixKey4 From(IPNetwork prefix) => new()
    {
        Length = (uint)prefix.PrefixLength,
        Addr = IPv4.ToBe32(prefix.BaseAddress),
    };

    public readonly IPNetwork ToNetwork() => PrefixMask.Network(IPv4.ToIPAddress(Addr), (int)Length);
}

/// <summary>A prefix of IPv6 addresses.</summary>
[BtfType("lb_prefix6")]
[StructLayout(LayoutKind.Sequential)]
internal struct PrefixKey6 : IPrefixKey<PrefixKey6>
{
    public uint Length;
    public Address16 Addr;

    public static PrefixKey6 From(IPNetwork prefix) => new()
    {
        Length = (uint)prefix.PrefixLength,
        Addr = Address16.From(prefix.BaseAddress),
    };

    public readonly IPNetwork ToNetwork() =>
        PrefixMask.Network(Addr.ToIPAddress(AddressFamily.InterNetworkV6), (int)Length);
}

/// <summary>Prefixes as the kernel compares them: it keeps bits behind the length, and does not look at them.</summary>
internal static class PrefixMask
{
    public static IPNetwork Network(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xff00 >> kept);
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
