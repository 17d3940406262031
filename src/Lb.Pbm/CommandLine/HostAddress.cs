using System.Globalization;
using System.Net;

namespace Lb.Pbm.CommandLine;

/// <summary>Where a host listens.</summary>
/// <param name="Host">A name or an address, IPv6 without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record HostAddress(string Host, int Port)
{
    public const int DefaultPort = 9110;

    public static HostAddress Default { get; } = new("127.0.0.1", DefaultPort);

    /// <summary>Whether a word of the command line is meant as an address and not as a palette.</summary>
    public static bool Resembles(string word) =>
        word.Contains(':') || word.StartsWith('[') || IPAddress.TryParse(word, out _);

    /// <summary>Reads <c>host:port</c>, <c>[ipv6]:port</c> or either without the port.</summary>
    /// <param name="text">It.</param>
    /// <param name="origin">Where it was given, for the error, when not on the command line.</param>
    public static HostAddress Parse(string text, string origin = "")
    {
        (string host, string? port) = Split(text);
        bool isRight = text.StartsWith('[')
            ? host.Contains(':') && IPAddress.TryParse(host, out _)
            : Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
        if (!isRight)
        {
            throw Wrong(text, origin);
        }

        if (port is null)
        {
            return new HostAddress(host, DefaultPort);
        }

        bool isPort = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is > 0 and <= ushort.MaxValue;
        return isPort ? new HostAddress(host, number) : throw Wrong(text, origin);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

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
        "Write host:port, as in 127.0.0.1:9110 or [::1]:9110.");
}
