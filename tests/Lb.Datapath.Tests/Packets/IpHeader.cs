using System.Net;
using System.Net.Sockets;

namespace Lb.Datapath.Tests.Packets;

/// <summary>What the two IP headers have in common.</summary>
internal abstract record IpHeader(IPAddress Source, IPAddress Destination)
{
    /// <summary>Overrides the protocol number of what the header carries.</summary>
    public byte? Protocol { get; init; }

    public abstract ushort EtherType { get; }

    /// <summary>The header followed by what it carries.</summary>
    public abstract byte[] Serialize(byte protocol, byte[] body);

    public static IpHeader Between(IPAddress source, IPAddress destination) =>
        source.AddressFamily == AddressFamily.InterNetwork
            ? new Ip4Header(source, destination)
            : new Ip6Header(source, destination);
}
