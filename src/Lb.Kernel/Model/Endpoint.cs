using System.Net;

namespace Lb.Kernel;

/// <summary>Transport protocols that a service can have; the values are IANA protocol numbers.</summary>
public enum TransportProtocol : byte
{
    /// <summary>RFC 9293.</summary>
    Tcp = 6,

    /// <summary>RFC 768.</summary>
    Udp = 17,
}

/// <summary>An address, port (host byte order) and protocol: the key of a service, or a backend's socket.</summary>
/// <param name="Address">IPv4 or IPv6, never an IPv4-mapped address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Protocol">Transport protocol.</param>
public readonly record struct Endpoint(IPAddress Address, ushort Port, TransportProtocol Protocol)
{
    /// <summary><c>tcp 192.0.2.1:80</c> or <c>udp [2001:db8::1]:53</c>.</summary>
    public override string ToString() =>
        $"{(Protocol == TransportProtocol.Tcp ? "tcp" : "udp")} {new IPEndPoint(Address, Port)}";
}
