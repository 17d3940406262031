using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Truncated packets and lengths that contradict each other.</summary>
public class MalformedTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Ways))]
    public void Packet_to_a_vip_cut_anywhere_behind_its_ip_header_is_malformed(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int whole = scene.Packet().ToBytes().Length;
        for (int length = IpEnd(way); length < whole; length++)
        {
            scene.Send(scene.Packet().Cut(length), e => e.Dropped(Verdict.DropMalformed));
        }
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Packet_cut_in_front_of_its_transport_is_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        for (int length = Packet.EthernetLength; length < IpEnd(way); length++)
        {
            scene.Send(scene.Packet().Cut(length), e => e.NotOurs());
        }
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Transport_header_that_ip_does_not_cover_is_malformed(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int header = protocol switch { TransportProtocol.Tcp => 20, TransportProtocol.Sctp => SctpHeader.Length, _ => 8 };
        int fixedPart = way.HasV6Vip() ? 0 : 20;
        scene.Send(scene.Packet().IpLength(fixedPart + header - 1), e => e.Dropped(Verdict.DropMalformed))
            .Send(scene.Packet().IpLength(fixedPart), e => e.Dropped(Verdict.DropMalformed));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Ip_length_beyond_the_frame_is_malformed(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int right = scene.Packet().ToLayer3().Length - (way.HasV6Vip() ? 40 : 0);
        scene.Send(scene.Packet().IpLength(right + 1), e => e.Dropped(Verdict.DropMalformed))
            .Send(scene.Packet().IpLength(0xffff), e => e.Dropped(Verdict.DropMalformed));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Malformed_packet_to_another_address_is_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        Packet stranger = scene.Packet().Towards(way.Stranger());
        int whole = stranger.ToBytes().Length;
        for (int length = Packet.EthernetLength; length < whole; length++)
        {
            scene.Send(stranger.Cut(length), e => e.NotOurs());
        }

        scene.Send(stranger.IpLength(0xffff), e => e.NotOurs())
            .Send(stranger.IpLength(way.HasV6Vip() ? 3 : 23), e => e.NotOurs());
    }

    [RootFact]
    public void Ip4_header_length_below_five_words_is_malformed()
    {
        Scene scene = Tcp(Delivery.Nat4);
        for (byte words = 0; words < 5; words++)
        {
            byte w = words;
            scene.Send(
                scene.Packet().Ip4(ip => ip with { HeaderWords = w }), e => e.Dropped(Verdict.DropMalformed));
        }
    }

    [RootFact]
    public void Ip4_total_length_below_its_header_is_malformed()
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(scene.Packet().IpLength(19), e => e.Dropped(Verdict.DropMalformed))
            .Send(scene.Packet().IpLength(0), e => e.Dropped(Verdict.DropMalformed));
    }

    [RootFact]
    public void Ip4_options_beyond_the_total_length_are_malformed()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Packet sent = scene.Packet().Ip4(ip => ip with { HeaderWords = 15, TotalLength = 59 });
        scene.Send(sent.Payload(100), e => e.Dropped(Verdict.DropMalformed));
    }

    [RootFact]
    public void Malformed_lengths_come_before_options_and_fragments()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Packet sent = scene.Packet()
            .Ip4(ip => ip with { Options = [1, 1, 1, 1], Fragment = Ip4Header.MoreFragments, TotalLength = 0xffff });
        scene.Send(sent, e => e.Dropped(Verdict.DropMalformed));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Wrong_ip_version_is_not_ours(Delivery way)
    {
        Scene scene = Tcp(way);
        Packet sent = way.HasV6Vip()
            ? scene.Packet().Ip6(ip => ip with { Version = 4 })
            : scene.Packet().Ip4(ip => ip with { Version = 6 });
        scene.Send(sent, e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Transport_header_alone_is_enough(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        scene.Send(scene.Packet().Payload(0), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Length_in_the_udp_header_is_the_receivers_business(Delivery way)
    {
        Scene scene = Udp(way);
        Packet sent = scene.Packet().UdpHeader(udp => udp with { DatagramLength = 7 });
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    private static int IpEnd(Delivery way) => Packet.EthernetLength + (way.HasV6Vip() ? 40 : 20);
}
