using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Packets;

/// <summary>
/// A frame being described. Lengths and checksums are right unless a field says otherwise; every step returns a
/// new packet, so that an expectation starts from the packet that was sent.
/// </summary>
internal sealed partial record Packet
{
    public const int EthernetLength = 14;

    public Mac From { get; init; } = Roles.GatewayMac;
    public Mac To { get; init; } = Roles.NodeMac;
    public ushort? EtherType { get; init; }
    public IpHeader? Ip { get; init; }
    public TransportHeader? Transport { get; init; }
    public byte[] Body { get; init; } = [];
    public int Padding { get; init; }
    public int? Length { get; init; }

    /// <summary>The frame.</summary>
    public byte[] ToBytes()
    {
        byte[] l3 = ToLayer3();
        byte[] bytes = new byte[EthernetLength + l3.Length + Padding];
        To.ToBytes().CopyTo(bytes, 0);
        From.ToBytes().CopyTo(bytes, Mac.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), EtherType ?? Ip?.EtherType ?? 0x88b5);
        l3.CopyTo(bytes, EthernetLength);
        bytes.AsSpan(EthernetLength + l3.Length).Fill(0xa5);
        return Length is { } length ? bytes[..length] : bytes;
    }

    /// <summary>The frame without its Ethernet header and padding.</summary>
    public byte[] ToLayer3()
    {
        if (Ip is null)
        {
            return Body;
        }

        byte[] body = Transport?.Serialize(Ip, Body) ?? Body;
        return Ip.Serialize(Transport?.Protocol ?? 0, body);
    }

    public static Packet Tcp(IPEndPoint from, IPEndPoint to, TcpFlags flags = TcpFlags.Ack) =>
        Between(from.Address, to.Address) with
        {
            Transport = new TcpHeader((ushort)from.Port, (ushort)to.Port) { Flags = flags },
        };

    public static Packet Syn(IPEndPoint from, IPEndPoint to) => Tcp(from, to, TcpFlags.Syn);

    public static Packet Udp(IPEndPoint from, IPEndPoint to) =>
        Between(from.Address, to.Address) with
        {
            Transport = new UdpHeader((ushort)from.Port, (ushort)to.Port),
        };

    /// <summary>An SCTP packet, by the type of its first chunk.</summary>
    public static Packet Sctp(IPEndPoint from, IPEndPoint to, byte chunk = SctpChunk.Data) =>
        Between(from.Address, to.Address) with
        {
            Transport = new SctpHeader((ushort)from.Port, (ushort)to.Port) { Chunk = chunk },
        };

    /// <summary>A packet in the midst of a flow: an ACK segment, a datagram, or data of an association.</summary>
    public static Packet Of(TransportProtocol protocol, IPEndPoint from, IPEndPoint to) => protocol switch
    {
        TransportProtocol.Tcp => Tcp(from, to),
        TransportProtocol.Sctp => Sctp(from, to),
        _ => Udp(from, to),
    };

    public static Packet Icmp(IPAddress from, IPAddress to, byte type, byte code = 0, uint rest = 0) =>
        Between(from, to) with
        {
            Transport = new IcmpHeader(from.AddressFamily == AddressFamily.InterNetworkV6, type, code, rest),
        };

    public static Packet Of(byte protocol, IPAddress from, IPAddress to) =>
        Between(from, to) with { Transport = new RawTransport(protocol) };

    /// <summary>Another packet inside an IP header of its own (RFC 2003, RFC 2473).</summary>
    public static Packet Tunnel(IPAddress from, IPAddress to, Packet inner) =>
        Of((byte)(inner.Ip is Ip4Header ? 4 : 41), from, to) with { Body = inner.ToLayer3() };

    /// <summary>Another packet inside IP and UDP headers of its own, without a checksum (GUE variant 1).</summary>
    public static Packet Gue(IPEndPoint from, IPEndPoint to, Packet inner) =>
        (Udp(from, to) with { Body = inner.ToLayer3() }).TransportChecksum(0);

    /// <summary>A frame that is not IP.</summary>
    public static Packet Frame(ushort etherType, byte[] body) => new() { EtherType = etherType, Body = body };

    private static Packet Between(IPAddress from, IPAddress to) => new() { Ip = IpHeader.Between(from, to) };
}
