using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Packets from nat backends, rewritten to come from the VIP and routed to the client.</summary>
public class ReplyTests(Testbed bed) : DatapathTest(bed)
{
    public static TheoryData<Delivery, TransportProtocol> NatWays { get; } = new()
    {
        { Delivery.Nat4, TransportProtocol.Tcp },
        { Delivery.Nat4, TransportProtocol.Udp },
        { Delivery.Nat6, TransportProtocol.Tcp },
        { Delivery.Nat6, TransportProtocol.Udp },
    };

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_leaves_by_the_interface_it_came_from(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        Packet reply = scene.Reply(2);
        scene.Send(reply, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, reply), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_from_another_interface_is_redirected(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying().FromBackends();
        Packet reply = scene.Reply(2);
        scene.Send(reply, e => e.Replied(2).Leaves(XdpAction.Redirect, Routed(scene, reply), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_to_an_unresolved_neighbour_is_finished_by_the_host(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        Packet reply = scene.Reply(2, way.UnresolvedClient());
        scene.Send(reply, e => e.Replied(2).Leaves(XdpAction.Pass, Rewritten(scene, reply), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_without_a_route_is_left_to_the_host(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        Packet reply = scene.Reply(2, way.Stranger());
        scene.Send(reply, e => e.Replied(2).Leaves(XdpAction.Pass, Rewritten(scene, reply), Verdict.PassNoRoute));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_longer_than_the_mtu_to_the_client_is_left_to_the_host(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        int headers = scene.Reply(2).Payload(0).ToLayer3().Length;
        Packet fits = scene.Reply(2).Payload(Scene.Mtu - headers);
        Packet tooLong = scene.Reply(2).Payload(Scene.Mtu - headers + 1);
        scene.Send(fits, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, fits), Verdict.Reply))
            .Send(
                tooLong,
                e => e.Replied(2).Leaves(XdpAction.Pass, Rewritten(scene, tooLong), Verdict.PassNoRoute));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_whose_ttl_is_used_up_is_dropped(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        scene.Send(scene.Reply(2).Ttl(1), e => e.DroppedOfService(Verdict.DropTtl))
            .Send(scene.Reply(2).Ttl(0), e => e.DroppedOfService(Verdict.DropTtl));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_from_another_port_of_a_backend_is_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        IPEndPoint other = new(way.Backend(2).Address, 8081);
        scene.Send(scene.Reply(2).ComingFrom(other), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Packet_of_a_backend_is_not_ours_when_nothing_uses_nat(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        scene.Send(scene.Reply(2), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Reply_to_a_direct_prefix_is_left_alone(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        IPAddress client = way.Client().Address;
        scene.World.Direct.Add(new IPNetwork(client, way.HasV6Vip() ? 128 : 32));
        Packet other = scene.Reply(2, way.OtherClient());
        scene.Send(scene.Reply(2), e => e.Passed(Verdict.PassDirect))
            .Send(scene.Reply(2).Ttl(1), e => e.Passed(Verdict.PassDirect))
            .Send(other, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, other), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Everything_can_be_direct(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        scene.World.Direct.Add(way.HasV6Vip() ? IPNetwork.Parse("::/0") : IPNetwork.Parse("0.0.0.0/0"));
        scene.Send(scene.Reply(2), e => e.Passed(Verdict.PassDirect));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Reply_without_udp_checksum_stays_without(Delivery way)
    {
        Scene scene = Udp(way).Replying();
        Packet reply = scene.Reply(1).TransportChecksum(0);
        scene.Send(reply, e => e.Replied(1).Leaves(XdpAction.Transmit, Routed(scene, reply), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Reply_whose_udp_checksum_comes_out_as_zero_says_ffff(Delivery way)
    {
        Scene scene = Udp(way).Replying();
        Packet reply = Enumerable.Range(0, 0x10000)
            .Select(n => scene.Reply(1).Payload((byte)(n >> 8), (byte)n))
            .First(p => Checksums.OfTransport(p.ComingFrom(way.Vip())) == 0xffff);
        scene.Send(reply, e => e.Replied(1).Leaves(XdpAction.Transmit, Routed(scene, reply), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Backends_packet_to_the_vip_is_a_request_like_any(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        Packet request = scene.Packet().ComingFrom(way.Backend(2));
        scene.Send(request, e => e.Forwarded(to: 1));
    }

    private static Packet RewrittenPacket(Scene scene, Packet reply) => reply.ComingFrom(scene.Delivery.Vip()).Hop();

    private static byte[] Rewritten(Scene scene, Packet reply) => RewrittenPacket(scene, reply).ToBytes();

    private static byte[] Routed(Scene scene, Packet reply) =>
        RewrittenPacket(scene, reply).Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();
}
