using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A key that stands for an endpoint of one address family.</summary>
internal interface IEndpointKey<TSelf>
    where TSelf : unmanaged, IEndpointKey<TSelf>
{
    static abstract TSelf From(Endpoint endpoint);

    Endpoint ToEndpoint();
}

/// <summary>Key of a service, or of a nat backend's replies, over IPv4.</summary>
[BtfType("lb_endpoint4")]
[StructLayout(LayoutKind.Sequential)]
internal struct EndpointKey4 : IEndpointKey<EndpointKey4>
{
    public Be32 Addr;
    public Be16 Port;
    public byte Proto;
    public byte Pad;

    public static EndpointKey4 From(Endpoint endpoint) => new()
    {
        Addr = IPv4.ToBe32(endpoint.Address),
        Port = endpoint.Port,
        Proto = (byte)endpoint.Protocol,
    };

    public readonly Endpoint ToEndpoint() =>
        new(IPv4.ToIPAddress(Addr), Port.Host, (TransportProtocol)Proto);
}

/// <summary>Key of a service, or of a nat backend's replies, over IPv6.</summary>
[BtfType("lb_endpoint6")]
[StructLayout(LayoutKind.Sequential)]
internal struct EndpointKey6 : IEndpointKey<EndpointKey6>
{
    public Address16 Addr;
    public Be16 Port;
    public byte Proto;
    public byte Pad;

    public static EndpointKey6 From(Endpoint endpoint) => new()
    {
        Addr = Address16.From(endpoint.Address),
        Port = endpoint.Port,
        Proto = (byte)endpoint.Protocol,
    };

    public readonly Endpoint ToEndpoint() =>
        new(Addr.ToIPAddress(AddressFamily.InterNetworkV6), Port.Host, (TransportProtocol)Proto);
}
