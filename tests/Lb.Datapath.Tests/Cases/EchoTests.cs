using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Pings to a VIP.</summary>
public class EchoTests(Testbed bed) : DatapathTest(bed)
{
    private const uint IdAndSequence = 0x1234_0007;

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_is_answered_from_the_vip(Delivery way)
    {
        Packet ping = Ping(way).Payload(56).Ttl(3).Tos(0xb8);
        Tcp(way).Send(ping, e => e.Leaves(XdpAction.Transmit, Pong(way, ping), Verdict.Echo));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_without_data_or_with_padding_is_answered(Delivery way)
    {
        Packet bare = Ping(way);
        Packet padded = Ping(way).Payload(3).Pad(17);
        Tcp(way)
            .Send(bare, e => e.Leaves(XdpAction.Transmit, Pong(way, bare), Verdict.Echo))
            .Send(padded, e => e.Leaves(XdpAction.Transmit, Pong(way, padded), Verdict.Echo));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_with_any_checksum_is_answered_with_the_right_one(Delivery way)
    {
        Scene scene = Tcp(way);
        foreach (int first in (int[])[0xf7ff, 0xf800, 0xfeff, 0xff00, 0x7fff, 0x8000])
        {
            Packet ping = Ping(way, (uint)first << 16).Payload(2);
            scene.Send(ping, e => e.Leaves(XdpAction.Transmit, Pong(way, ping), Verdict.Echo));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_whose_header_is_cut_is_malformed(Delivery way)
    {
        Packet ping = Ping(way);
        int whole = ping.ToLayer3().Length - (way.HasV6Vip() ? 40 : 0);
        Scene scene = Tcp(way);
        for (int missing = 1; missing <= IcmpHeader.Length; missing++)
        {
            scene.Send(ping.IpLength(whole - missing), e => e.Dropped(Verdict.DropMalformed));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Other_message_to_a_vip_goes_to_the_host_counted(Delivery way)
    {
        Scene scene = Tcp(way);
        byte[] types = way.HasV6Vip()
            ? [0, 5, 127, IcmpType.EchoReply6, 133, 134, IcmpType.NeighbourSolicitation6, 136, 255]
            : [IcmpType.EchoReply4, 1, 2, 4, 5, 9, 10, IcmpType.Timestamp4, 255];
        foreach (byte type in types)
        {
            Packet sent = Packet.Icmp(way.Client().Address, way.Vip().Address, type).Payload(32);
            scene.Send(sent, e => e.Passed(Verdict.PassNoService));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_of_the_other_familys_protocol_goes_to_the_host(Delivery way)
    {
        Packet sent = Ping(way).Protocol(way.HasV6Vip() ? 1 : 58);
        Tcp(way).Send(sent, e => e.Passed(Verdict.PassNoService));
    }

    internal static Packet Ping(Delivery way, uint rest = IdAndSequence) => Packet.Icmp(
        way.Client().Address,
        way.Vip().Address,
        way.HasV6Vip() ? IcmpType.EchoRequest6 : IcmpType.EchoRequest4,
        rest: rest);

    private static byte[] Pong(Delivery way, Packet ping)
    {
        byte type = way.HasV6Vip() ? IcmpType.EchoReply6 : IcmpType.EchoReply4;
        Packet pong = ping with
        {
            Transport = ((IcmpHeader)ping.Transport!) with { Type = type },
            Ip = ping.Ip! with { Source = way.Vip().Address, Destination = way.Client().Address },
        };
        return pong.Ttl(64).Macs(ping.To, ping.From).ToBytes();
    }
}
