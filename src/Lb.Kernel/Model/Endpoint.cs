using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lb.Kernel;

/// <summary>Transport protocols that a service can have; the values are IANA protocol numbers.</summary>
public enum TransportProtocol : byte
{
    /// <summary>RFC 9293.</summary>
    Tcp = 6,

    /// <summary>RFC 768.</summary>
    Udp = 17,

    /// <summary>RFC 9260.</summary>
    Sctp = 132,
}

/// <summary>
/// An address, port (host byte order) and protocol: the key of a service, or a backend's socket. A service may have a
/// prefix of addresses and a range of ports.
/// </summary>
/// <param name="Address">IPv4 or IPv6, never an IPv4-mapped address; of a prefix the first one.</param>
/// <param name="Port">
/// 1 to 65535, of a range the first one. 0 for a backend that has the port which its client asked for.
/// </param>
/// <param name="Protocol">Transport protocol.</param>
public readonly record struct Endpoint(IPAddress Address, ushort Port, TransportProtocol Protocol)
{
    /// <summary>First port of all of them; 0 is none that packets should have.</summary>
    public const ushort FirstPort = 1;

    private const string AllPorts = "*";

    /// <summary>Last port of a range, above <see cref="Port"/>; 0 for a single port.</summary>
    public ushort LastPort { get; init; }

    /// <summary>How many of the last bits of the address may be anything; 0 for a single address.</summary>
    public byte OpenBits { get; init; }

    /// <summary>It has more than one address or port.</summary>
    public bool IsRange => LastPort != 0 || OpenBits != 0;

    /// <summary>It has more than one address.</summary>
    public bool IsPrefix => OpenBits != 0;

    /// <summary>The highest port that it has.</summary>
    public ushort HighestPort => LastPort == 0 ? Port : LastPort;

    /// <summary>Its addresses.</summary>
    public IPNetwork Network => new(Address, BitsOf(Address) - OpenBits);

    /// <summary>Its address or prefix: <c>192.0.2.1</c>, <c>203.0.113.0/24</c>.</summary>
    public string AddressText => IsPrefix ? Network.ToString() : Address.ToString();

    /// <summary>Its port or ports: <c>80</c>, <c>5000-5999</c>; <c>*</c> for all, or for that of the client.</summary>
    public string PortText => Port == 0 || (Port == FirstPort && LastPort == ushort.MaxValue) ? AllPorts
        : LastPort == 0 ? Port.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Port}-{LastPort}");

    /// <summary>The key of a service of these addresses and ports.</summary>
    /// <exception cref="ArgumentException">The last port is below the first.</exception>
    public static Endpoint Of(IPNetwork network, ushort first, ushort last, TransportProtocol protocol) => last < first
        ? throw new ArgumentException($"Ports {first} to {last} are none.", nameof(last))
        : new Endpoint(network.BaseAddress, first, protocol)
        {
            LastPort = last == first ? (ushort)0 : last,
            OpenBits = (byte)(BitsOf(network.BaseAddress) - network.PrefixLength),
        };

    /// <summary>Whether packets to this address and port are for it.</summary>
    public bool Covers(IPAddress address, ushort port, TransportProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(address);
        return protocol == Protocol && port >= Port && port <= HighestPort && Covers(address);
    }

    /// <summary>Whether it has an address.</summary>
    public bool Covers(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsPrefix
            ? address.AddressFamily == Address.AddressFamily && Network.Contains(address)
            : Address.Equals(address);
    }

    /// <summary>
    /// <c>tcp 192.0.2.1:80</c>, <c>udp [2001:db8::1]:53</c>, <c>tcp 203.0.113.0/24:5000-5999</c>,
    /// <c>udp [2001:db8:7::/48]:*</c>.
    /// </summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Word(Protocol)} {SocketText}");

    /// <summary>The same without the protocol.</summary>
    public string SocketText => !IsRange && Port != 0 ? new IPEndPoint(Address, Port).ToString()
        : Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{AddressText}]:{PortText}"
        : $"{AddressText}:{PortText}";

    private static string Word(TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => "tcp",
        TransportProtocol.Sctp => "sctp",
        _ => "udp",
    };

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}
