using System.Globalization;
using System.Net;

namespace Lb.Pbm.CommandLine;

/// <summary>Where a host listens.</summary>
/// <param name="Host">A name or an address, IPv6 without brackets.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Tls">
/// Whether it is spoken to by TLS: everywhere but on loopback, where it has to be asked for by <c>https://</c>.
/// </param>
internal sealed record HostAddress(string Host, int Port, bool Tls = false)
{
    public const int DefaultPort = 9110;
    public const int DefaultTlsPort = 9111;

    private const string TlsScheme = "https://";

    public static HostAddress Default { get; } = new("127.0.0.1", DefaultPort);

    /// <summary>Whether a word of the command line is meant as an address and not as a palette.</summary>
    public static bool Resembles(string word) =>
        word.Contains(':') || word.StartsWith('[') || IPAddress.TryParse(word, out _);

    /// <summary>
    /// Reads <c>host:port</c>, <c>[ipv6]:port</c> or either without the port, or with <c>https://</c> before it.
    /// </summary>
    /// <param name="text">It.</param>
    /// <param name="origin">Where it was given, for the error, when not on the command line.</param>
    public static HostAddress Parse(string text, string origin = "")
    {
        bool isTls = text.StartsWith(TlsScheme, StringComparison.OrdinalIgnoreCase);
        string place = isTls ? text[TlsScheme.Length..].TrimEnd('/') : text;
        (string host, string? port) = Split(place);
        bool isRight = place.StartsWith('[')
            ? host.Contains(':') && IPAddress.TryParse(host, out _)
            : Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
        if (!isRight)
        {
            throw Wrong(text, origin);
        }

        isTls |= !IsLoopback(host);
        if (port is null)
        {
            return new HostAddress(host, isTls ? DefaultTlsPort : DefaultPort, isTls);
        }

        bool isPort = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is > 0 and <= ushort.MaxValue;
        return isPort ? new HostAddress(host, number, isTls) : throw Wrong(text, origin);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>What never leaves this host needs no TLS.</summary>
    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static (string Host, string? Port) Split(string text)
    {
        if (!text.StartsWith('['))
        {
            int colon = text.LastIndexOf(':');

            // Several colons without brackets are refused later: nobody can tell where the port begins.
            return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        }

        int end = text.IndexOf(']');
        return end < 0 ? (text, null)
            : end == text.Length - 1 ? (text[1..end], null)
            : text[end + 1] == ':' ? (text[1..end], text[(end + 2)..])
            : (text, null);
    }

    private static PbmException Wrong(string text, string origin) => PbmException.Usage(
        "bad-address",
        $"{origin}'{text}' is no address of a host.",
        "Write host:port, as in 127.0.0.1:9110 or [::1]:9110; https://host:port for TLS on loopback, elsewhere it is always TLS.");
}
