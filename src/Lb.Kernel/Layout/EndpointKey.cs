using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>A key that stands for an endpoint of one address family.</summary>
internal interface IEndpointKey<TSelf>
    where TSelf : unmanaged, IEndpointKey<TSelf>
{
    static abstract TSelf From(Endpoint endpoint);

    /// <summary>Key of a service of more than one address or port.</summary>
    static abstract TSelf Numbered(uint number);

    Endpoint ToEndpoint();

    /// <summary>Number of such a service; null for any other.</summary>
    uint? Number { get; }
}

/// <summary>What a key of an endpoint holds.</summary>
[BtfType("lb_endpoint_kind", Prefix = "LB_ENDPOINT_")]
internal enum EndpointKind : byte
{
    Exact = 0,
    Range = 1,
}

/// <summary>Key of a service, or of a nat backend's replies, over IPv4.</summary>
[BtfType("lb_endpoint4")]
[StructLayout(LayoutKind.Sequential)]
internal struct EndpointKey4 : IEndpointKey<EndpointKey4>
{
    public Be32 Addr;
    public Be16 Port;
    public byte Proto;
    public EndpointKind Kind;

    public static EndpointKey4 From(Endpoint endpoint) => new()
    {
        Addr = IPv4.ToBe32(endpoint.Address),
        Port = endpoint.Port,
        Proto = (byte)endpoint.Protocol,
    };

    public static EndpointKey4 Numbered(uint number) =>
        new() { Addr = BinaryPrimitives.ReverseEndianness(number), Kind = EndpointKind.Range };

    public readonly uint? Number => Kind == EndpointKind.Range ? Addr.Raw : null;

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
    public EndpointKind Kind;

    public static EndpointKey6 From(Endpoint endpoint) => new()
    {
        Addr = Address16.From(endpoint.Address),
        Port = endpoint.Port,
        Proto = (byte)endpoint.Protocol,
    };

    public static EndpointKey6 Numbered(uint number)
    {
        EndpointKey6 key = new() { Kind = EndpointKind.Range };
        BinaryPrimitives.WriteUInt32LittleEndian(key.Addr, number);
        return key;
    }

    public readonly uint? Number => Kind == EndpointKind.Range ? BinaryPrimitives.ReadUInt32LittleEndian(Addr) : null;

    public readonly Endpoint ToEndpoint() =>
        new(Addr.ToIPAddress(AddressFamily.InterNetworkV6), Port.Host, (TransportProtocol)Proto);
}
