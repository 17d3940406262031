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

    public readonly IPNetwork ToNetwork() => new(IPv4.ToIPAddress(Addr), (int)Length);
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
        new(Addr.ToIPAddress(AddressFamily.InterNetworkV6), (int)Length);
}
