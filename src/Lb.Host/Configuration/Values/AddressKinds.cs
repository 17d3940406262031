using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lb.Host.Configuration;

/// <summary>Addresses and prefixes.</summary>
internal static class AddressKinds
{
    /// <summary>Shorter prefixes are typing errors more often than they are meant.</summary>
    private const int LeastVipPrefix4 = 8;
    private const int LeastVipPrefix6 = 16;

    private const string AddressMend = "write an address as in 192.0.2.10 or \"2001:db8::10\"; names are not looked up";

    public static ScalarKind<IPAddress> Unicast { get; } = new(
        "a unicast IPv4 or IPv6 address",
        AddressMend,
        text => ParseAddress(text, out IPAddress address) is { } problem
            ? Reading<IPAddress>.Wrong(problem)
            : NotUnicast(address) is { } why
            ? Reading<IPAddress>.Wrong($"{address} is {why}", "write the address of a host")
            : address.IsIPv4MappedToIPv6
            ? Reading<IPAddress>.Wrong($"{address} is an IPv4-mapped address", $"write {address.MapToIPv4()}")
            : Reading<IPAddress>.Of(address));

    /// <summary>Where the API may listen.</summary>
    public static ScalarKind<IPAddress> Loopback { get; } = new(
        "a loopback address",
        "write 127.0.0.1 or \"::1\"; lb.admin.remote listens elsewhere, with TLS and tokens",
        text => ParseAddress(text, out IPAddress address) is { } problem
            ? Reading<IPAddress>.Wrong(problem)
            : IPAddress.IsLoopback(address) && !address.IsIPv4MappedToIPv6
            ? Reading<IPAddress>.Of(address)
            : Reading<IPAddress>.Wrong($"{address} is no loopback address"));

    /// <summary>Where a server may listen; all addresses of a family too.</summary>
    public static ScalarKind<IPAddress> Listening { get; } = new(
        "an address of this host",
        "write an address of this host, or \"::\" for all of them",
        text => ParseAddress(text, out IPAddress address) is { } problem
            ? Reading<IPAddress>.Wrong(problem)
            : address.IsIPv4MappedToIPv6
            ? Reading<IPAddress>.Wrong($"{address} is an IPv4-mapped address", $"write {address.MapToIPv4()}")
            : NotUnicast(address) is { } why && !IPAddress.IsLoopback(address) && !IsAny(address)
            ? Reading<IPAddress>.Wrong($"{address} is {why}")
            : Reading<IPAddress>.Of(address));

    /// <summary>A number that stands for a router, written as an IPv4 address.</summary>
    public static ScalarKind<IPAddress> RouterId { get; } = new(
        "an IPv4 address other than 0.0.0.0",
        "write an IPv4 address of the node, as in 10.0.0.1",
        text => ParseAddress(text, out IPAddress address) is { } problem
            ? Reading<IPAddress>.Wrong(problem)
            : address.AddressFamily != AddressFamily.InterNetwork || address.Equals(IPAddress.Any)
            ? Reading<IPAddress>.Wrong($"{address} is no such address")
            : Reading<IPAddress>.Of(address));

    /// <summary>Where a node of a cluster is reached.</summary>
    public static ScalarKind<IPAddress> Member { get; } = new(
        "an address of this host that the other nodes reach",
        "write an address of this host, as in 10.0.0.1 or \"fd00::1\"",
        text => ParseAddress(text, out IPAddress address) is { } problem
            ? Reading<IPAddress>.Wrong(problem)
            : address.IsIPv4MappedToIPv6
            ? Reading<IPAddress>.Wrong($"{address} is an IPv4-mapped address", $"write {address.MapToIPv4()}")
            : NotUnicast(address) is { } why && !Cluster.Transport.UdpTransport.IsPrivate(address)
            ? Reading<IPAddress>.Wrong($"{address} is {why}")
            : Reading<IPAddress>.Of(address));

    public static ScalarKind<IPNetwork> Prefix { get; } = new(
        "a prefix as in 10.0.0.0/8 or \"fd00::/8\"",
        "write ADDRESS/LENGTH with no bits set beyond the length",
        ParsePrefix);

    /// <summary>A unicast address, or a prefix of such.</summary>
    public static ScalarKind<IPNetwork> UnicastOrPrefix { get; } = new(
        "a unicast IPv4 or IPv6 address, or a prefix as in 203.0.113.0/24",
        AddressMend,
        text => text.Contains('/') ? ParseVipPrefix(text) : Whole(Unicast.Parse(text)));

    private static Reading<IPNetwork> Whole(Reading<IPAddress> address) => address.Problem is { } problem
        ? Reading<IPNetwork>.Wrong(problem, address.Mend)
        : Reading<IPNetwork>.Of(new IPNetwork(address.Value!, address.Value!.GetAddressBytes().Length * 8));

    private static Reading<IPNetwork> ParseVipPrefix(string text)
    {
        Reading<IPNetwork> prefix = ParsePrefix(text);
        if (prefix.Problem is not null)
        {
            return prefix;
        }

        IPAddress first = prefix.Value.BaseAddress;
        int least = first.AddressFamily == AddressFamily.InterNetwork ? LeastVipPrefix4 : LeastVipPrefix6;
        return NotUnicast(first) is { } why
            ? Reading<IPNetwork>.Wrong($"{text} begins with {why}", "write a prefix of hosts' addresses")
            : prefix.Value.PrefixLength < least
            ? Reading<IPNetwork>.Wrong($"{text} is larger than a service may have", $"write a length of at least {least}")
            : prefix;
    }

    private static string? ParseAddress(string text, out IPAddress address)
    {
        // IPAddress also takes 10.1, 0x7f.1 and 2130706433, which are more often typing errors than meant.
        bool parsed = IPAddress.TryParse(text, out IPAddress? found)
            && (found.AddressFamily == AddressFamily.InterNetworkV6 || text == found.ToString());
        address = found ?? IPAddress.None;
        return !parsed || text.Contains('[') ? $"{Quote.Text(text)} is no address"
            : text.Contains('%') ? $"{Quote.Text(text)} has a zone"
            : null;
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string? NotUnicast(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        bool ipv4 = bytes.Length == 4;
        return IPAddress.IsLoopback(plain) ? "a loopback address"
            : plain.Equals(IPAddress.Broadcast) ? "the broadcast address"
            : plain.Equals(IPAddress.IPv6Any) || (ipv4 && bytes[0] == 0) ? "no host's address"
            : plain.IsIPv6Multicast || (ipv4 && bytes[0] is >= 224 and < 240) ? "a multicast address"
            : ipv4 && bytes[0] >= 240 ? "a reserved address"
            : plain.IsIPv6LinkLocal ? "a link-local address"
            : null;
    }

    private static Reading<IPNetwork> ParsePrefix(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || ParseAddress(parts[0], out IPAddress address) is not null)
        {
            return Reading<IPNetwork>.Wrong($"{Quote.Text(text)} is no prefix");
        }

        int bits = address.GetAddressBytes().Length * 8;
        if (!byte.TryParse(parts[1], NumberStyles.None, null, out byte length) || length > bits)
        {
            return Reading<IPNetwork>.Wrong(
                $"{Quote.Text(text)} has no length from 0 to {bits}", "write the length of the prefix after \"/\"");
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return Reading<IPNetwork>.Wrong($"{Quote.Text(text)} is an IPv4-mapped prefix", "write it as IPv4");
        }

        IPAddress network = Mask(address, length);
        return network.Equals(address)
            ? Reading<IPNetwork>.Of(new IPNetwork(address, length))
            : Reading<IPNetwork>.Wrong(
                $"{Quote.Text(text)} has bits set beyond its length", $"write {network}/{length}");
    }

    private static IPAddress Mask(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
