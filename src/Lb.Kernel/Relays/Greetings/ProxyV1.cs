using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Kernel.Interop;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Relays;

/// <summary>Version 1 of the PROXY protocol: a line of text, for TCP only.</summary>
internal static class ProxyV1
{
    /// <summary>The longest line, with its end.</summary>
    public const int MostBytes = 107;

    private static readonly SearchValues<char> s_ipv4 = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> s_ipv6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>How a line begins.</summary>
    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    /// <summary>Reads a line from bytes that begin with the signature, as far as there are any.</summary>
    public static ProxyReading Read(
        ReadOnlySpan<byte> bytes, TransportProtocol carrier, out ProxyHeader header, out int length)
    {
        header = ProxyHeader.Silent;
        length = 0;
        ReadOnlySpan<byte> most = bytes[..Math.Min(bytes.Length, MostBytes)];
        int end = most.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length < MostBytes ? ProxyReading.Short : ProxyReading.Wrong;
        }

        length = end + 2;
        ReadOnlySpan<byte> line = most[Math.Min(end, Signature.Length)..end];
        if (line.SequenceEqual("UNKNOWN"u8) || line.StartsWith("UNKNOWN "u8))
        {
            return ProxyReading.Whole;
        }

        Span<char> text = stackalloc char[MostBytes];
        int letters = Encoding.ASCII.GetChars(line, text);
        if (Parse(text[..letters]) is not { } read)
        {
            return ProxyReading.Wrong;
        }

        header = carrier == TransportProtocol.Tcp ? read : ProxyHeader.Silent;
        return ProxyReading.Whole;
    }

    /// <summary>Writes a line.</summary>
    /// <returns>Bytes that were written.</returns>
    public static int Write(Span<byte> into, SocketAddress source, SocketAddress destination)
    {
        bool six = source.Family != LibC.FamilyInet || destination.Family != LibC.FamilyInet;
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"PROXY {(six ? "TCP6" : "TCP4")} {Text(source, six)} {Text(destination, six)} {source.Port} {destination.Port}\r\n");
        return Encoding.ASCII.GetBytes(line, into);
    }

    /// <summary>The line of a connection that a proxy makes for itself.</summary>
    public static ReadOnlySpan<byte> Local => "PROXY UNKNOWN\r\n"u8;

    private static string Text(SocketAddress address, bool six)
    {
        var plain = new IPAddress(address.Address);
        return (six ? plain.MapToIPv6() : plain).ToString();
    }

    private static ProxyHeader? Parse(ReadOnlySpan<char> line)
    {
        Span<Range> parts = stackalloc Range[6];
        if (line.Split(parts, ' ') != 5)
        {
            return null;
        }

        AddressFamily family = line[parts[0]] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        return ParseAddress(line[parts[1]], family) is { } from
            && ParseAddress(line[parts[2]], family) is { } to
            && ParsePort(line[parts[3]]) is { } fromPort
            && ParsePort(line[parts[4]]) is { } toPort
            ? new ProxyHeader
            {
                HasAddresses = true,
                Source = new SocketAddress(from.GetAddressBytes(), fromPort),
                Destination = new SocketAddress(to.GetAddressBytes(), toPort),
            }
            : null;
    }

    private static IPAddress? ParseAddress(ReadOnlySpan<char> text, AddressFamily family)
    {
        // IPAddress also takes zones, brackets, and IPv4 in forms that nobody sends.
        bool plain = family == AddressFamily.InterNetwork
            ? !text.ContainsAnyExcept(s_ipv4)
            : !text.ContainsAnyExcept(s_ipv6);
        return plain
            && IPAddress.TryParse(text, out IPAddress? address)
            && address.AddressFamily == family
            && (family == AddressFamily.InterNetworkV6 || text.SequenceEqual(address.ToString()))
            ? address
            : null;
    }

    private static ushort? ParsePort(ReadOnlySpan<char> text) =>
        (text is ['0'] || (!text.IsEmpty && text[0] != '0'))
        && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? port
            : null;
}
