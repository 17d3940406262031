using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Rewritten requests, above all their checksums.</summary>
public class NatTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Datagram_without_checksum_stays_without(Delivery way)
    {
        Scene scene = Udp(way);
        Packet sent = scene.Packet().TransportChecksum(0);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Datagram_whose_checksum_comes_out_as_zero_says_ffff(Delivery way)
    {
        Scene scene = Udp(way);
        Packet sent = SuchThat(scene, delivered => Checksums.OfTransport(delivered) == 0xffff);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Datagram_with_checksum_ffff_is_rewritten_as_any(Delivery way)
    {
        Scene scene = Udp(way);
        Packet sent = Bodies(scene).First(p => Checksums.OfTransport(p) == 0xffff);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Segment_whose_checksum_comes_out_as_zero_says_zero(Delivery way)
    {
        Scene scene = Tcp(way);
        Packet sent = SuchThat(scene, delivered => Checksums.OfTransport(delivered) == 0);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Segment_with_checksum_zero_is_rewritten_as_any(Delivery way)
    {
        Scene scene = Tcp(way);
        Packet sent = Bodies(scene).First(p => Checksums.OfTransport(p) == 0);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Damaged_packet_stays_damaged(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        Packet good = scene.Packet();
        Packet sent = good.TransportChecksum(Checksums.OfTransport(good) ^ 0x0100);
        Packet delivered = scene.Delivered(good, 1);
        bool rewritten = way.IsNat();
        byte[] expected = rewritten
            ? delivered.TransportChecksum(Shifted(good, sent, delivered)).ToBytes()
            : scene.Delivered(sent, 1).ToBytes();
        scene.Send(sent, e => e.Forwarded(to: 1, expected));
    }

    [RootFact]
    public void Ip_checksum_that_comes_out_as_zero_says_zero()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Packet sent = Enumerable.Range(0, 0x10000)
            .Select(id => scene.Packet().Ip4(ip => ip with { Id = (ushort)id }))
            .First(p => Frame.U16(scene.Delivered(p, 1).ToBytes(), Frame.L3 + 10) == 0);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Odd_payload_options_and_padding_are_kept(Delivery way)
    {
        Scene scene = Tcp(way);
        Packet sent = scene.Packet().TcpHeader(tcp => tcp with { Options = [2, 4, 5, 0xb4, 1, 1, 4, 2] });
        scene.Send(sent.Payload(1), e => e.Forwarded(to: 1))
            .Send(sent.Payload(0).Pad(6), e => e.Forwarded(to: 1))
            .Send(sent.Payload(777).Pad(1), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Traffic_class_is_kept(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(scene.Packet().Tos(0xb9), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Backend_on_the_ingress_interface_is_reached_by_tx(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.NextHop(1, hop => hop with { InterfaceIndex = scene.World.Ingress });
        byte[] expected = scene.Delivered(scene.Packet(), 1).ToBytes();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Leaves(XdpAction.Transmit, expected));
    }

    private static IEnumerable<Packet> Bodies(Scene scene) =>
        Enumerable.Range(0, 0x10000).Select(n => scene.Packet().Payload((byte)(n >> 8), (byte)n));

    private static Packet SuchThat(Scene scene, Func<Packet, bool> holds) =>
        Bodies(scene).First(p => holds(scene.Delivered(p, 1)));

    /// <summary>The checksum of the delivered packet, off by as much as the sent one is.</summary>
    private static int Shifted(Packet good, Packet sent, Packet delivered)
    {
        int shifted = Checksums.OfTransport(delivered) + Checksums.OfTransport(sent) - Checksums.OfTransport(good);
        return ((shifted % 0xffff) + 0xffff) % 0xffff;
    }
}
