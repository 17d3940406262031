using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A key that stands for a client of a service of one address family.</summary>
internal interface IClientKey<TSelf>
    where TSelf : unmanaged, IClientKey<TSelf>
{
    static abstract TSelf From(uint service, IPAddress client);

    uint ServiceId { get; }

    IPAddress Address { get; }
}

/// <summary>A client of a service over IPv4, its address masked.</summary>
[BtfType("lb_client4")]
[StructLayout(LayoutKind.Sequential)]
internal struct ClientKey4 : IClientKey<ClientKey4>
{
    public uint Service;
    public Be32 Addr;

    public readonly uint ServiceId => Service;

    public readonly IPAddress Address => IPv4.ToIPAddress(Addr);

    public static ClientKey4 From(uint service, IPAddress client) =>
        new() { Service = service, Addr = IPv4.ToBe32(client) };
}

/// <summary>A client of a service over IPv6, its address masked.</summary>
[BtfType("lb_client6")]
[StructLayout(LayoutKind.Sequential)]
internal struct ClientKey6 : IClientKey<ClientKey6>
{
    public uint Service;
    public Address16 Addr;

    public readonly uint ServiceId => Service;

    public readonly IPAddress Address => Addr.ToIPAddress(AddressFamily.InterNetworkV6);

    public static ClientKey6 From(uint service, IPAddress client) =>
        new() { Service = service, Addr = Address16.From(client) };
}

/// <summary>The backend that a client keeps.</summary>
[BtfType("lb_client_entry")]
[StructLayout(LayoutKind.Sequential)]
internal struct ClientValue
{
    public uint Backend;
    public uint Seen;
}
