using System.Net;

namespace Lb.Netns.Tests.Servers;

/// <summary>What a test server says of itself and of its client.</summary>
/// <param name="Backend">Name of the backend.</param>
/// <param name="Client">The client's address and port as the backend sees them.</param>
internal sealed record Greeting(string Backend, IPEndPoint Client)
{
    /// <summary>Reads "b1 10.77.1.2:40000".</summary>
    public static Greeting Parse(string text)
    {
        string[] words = text.TrimEnd('\n').Split(' ');
        return new Greeting(words[0], IPEndPoint.Parse(words[1]));
    }

    /// <summary>Writes an end point without the wrapping that a dual-mode socket adds to IPv4.</summary>
    public static string Format(EndPoint endPoint)
    {
        var ip = (IPEndPoint)endPoint;
        return new IPEndPoint(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address, ip.Port).ToString();
    }
}
