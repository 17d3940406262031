using System.Net;

namespace Lb.Datapath.Tests.Packets;

/// <summary>Steps that change one field.</summary>
internal sealed partial record Packet
{
    public Packet Macs(Mac from, Mac to) => this with { From = from, To = to };

    public Packet Payload(params byte[] body) => this with { Body = body };

    public Packet Payload(int length) => this with { Body = Pattern(length) };

    /// <summary>Bytes behind the IP packet, as Ethernet has them on short frames.</summary>
    public Packet Pad(int length) => this with { Padding = length };

    /// <summary>Cuts the frame, with its headers left as they are.</summary>
    public Packet Cut(int length) => this with { Length = length };

    public Packet Ttl(int ttl) => WithIp(
        ip => ip with { Ttl = (byte)ttl }, ip => ip with { HopLimit = (byte)ttl });

    public Packet Tos(int tos) => WithIp(
        ip => ip with { Tos = (byte)tos }, ip => ip with { TrafficClass = (byte)tos });

    public Packet Protocol(int protocol) => this with { Ip = Ip! with { Protocol = (byte)protocol } };

    /// <summary>The length field: total length of IPv4, payload length of IPv6.</summary>
    public Packet IpLength(int length) => WithIp(
        ip => ip with { TotalLength = (ushort)length }, ip => ip with { PayloadLength = (ushort)length });

    public Packet Ip4(Func<Ip4Header, Ip4Header> change) => this with { Ip = change((Ip4Header)Ip!) };

    public Packet Ip6(Func<Ip6Header, Ip6Header> change) => this with { Ip = change((Ip6Header)Ip!) };

    public Packet TcpHeader(Func<TcpHeader, TcpHeader> change) =>
        this with { Transport = change((TcpHeader)Transport!) };

    public Packet UdpHeader(Func<UdpHeader, UdpHeader> change) =>
        this with { Transport = change((UdpHeader)Transport!) };

    public Packet TransportChecksum(int checksum) =>
        this with { Transport = Transport! with { HeaderChecksum = (ushort)checksum } };

    /// <summary>Addressed to another socket: what nat makes of a request.</summary>
    public Packet Towards(IPEndPoint to) => this with
    {
        Ip = Ip! with { Destination = to.Address },
        Transport = Transport switch
        {
            Packets.TcpHeader tcp => tcp with { DestinationPort = (ushort)to.Port },
            Packets.UdpHeader udp => udp with { DestinationPort = (ushort)to.Port },
            SctpHeader sctp => sctp with { DestinationPort = (ushort)to.Port },
            var other => other,
        },
    };

    /// <summary>Coming from another socket: what nat makes of a reply.</summary>
    public Packet ComingFrom(IPEndPoint from) => this with
    {
        Ip = Ip! with { Source = from.Address },
        Transport = Transport switch
        {
            Packets.TcpHeader tcp => tcp with { SourcePort = (ushort)from.Port },
            Packets.UdpHeader udp => udp with { SourcePort = (ushort)from.Port },
            SctpHeader sctp => sctp with { SourcePort = (ushort)from.Port },
            var other => other,
        },
    };

    /// <summary>One router on: TTL or hop limit one less.</summary>
    public Packet Hop() => WithIp(
        ip => ip with { Ttl = (byte)(ip.Ttl - 1) }, ip => ip with { HopLimit = (byte)(ip.HopLimit - 1) });

    private Packet WithIp(Func<Ip4Header, IpHeader> v4, Func<Ip6Header, IpHeader> v6) =>
        this with { Ip = Ip is Ip4Header ip4 ? v4(ip4) : v6((Ip6Header)Ip!) };

    private static byte[] Pattern(int length)
    {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++)
        {
            body[i] = (byte)((i * 7) + 3);
        }

        return body;
    }
}
