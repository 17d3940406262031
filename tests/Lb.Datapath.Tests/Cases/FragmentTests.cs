using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Kernel.Layout;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>A datagram in pieces: the first goes by its ports, the others follow it.</summary>
public class FragmentTests(Testbed bed) : DatapathTest(bed)
{
    private const int Id = 0x1c46;
    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Pieces_of_a_datagram_go_where_the_first_one_went(Delivery way)
    {
        Scene scene = Udp(way);
        scene.Send(First(scene.Packet()), e => e.Forwarded(to: 1))
            .Slot(current: 2)
            .Send(Later(scene.Packet(), 64), e => e.Forwarded(to: 1))
            .Send(Later(scene.Packet(), 128, more: false), e => e.Forwarded(to: 1))
            .Send(First(scene.Packet(), id: 7), e => e.Forwarded(to: 2))
            .Send(Later(scene.Packet(), 64, id: 7), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Pieces_of_a_segment_go_where_the_first_one_went(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(First(scene.Packet()), e => e.Forwarded(to: 1))
            .Send(Later(scene.Packet(), 24), e => e.Forwarded(to: 1))
            .Send(Later(scene.Packet(), 16), e => e.Dropped(Verdict.DropFragment));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Piece_that_comes_before_the_first_one_is_dropped(Delivery way)
    {
        Scene scene = Udp(way);
        scene.Send(Later(scene.Packet(), 64), e => e.Dropped(Verdict.DropFragment))
            .Send(First(scene.Packet()), e => e.Forwarded(to: 1))
            .Send(Later(scene.Packet(), 64, id: 8), e => e.Dropped(Verdict.DropFragment))
            .Send(Later(scene.Packet(), 64), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void First_piece_is_forgotten_when_no_receiver_waits_any_longer(Delivery way)
    {
        uint idle = (uint)(way.HasV6Vip() ? Limit.FragmentIdle6 : Limit.FragmentIdle4);
        Scene scene = Udp(way);
        scene.Send(First(scene.Packet()), e => e.Forwarded(to: 1));
        Ticks.InOne(() =>
        {
            Assert.Equal(XdpAction.Redirect, SendAged(idle));
            Assert.Equal(XdpAction.Drop, SendAged(idle + 1));
        });

        XdpAction SendAged(uint age)
        {
            _bed.Run(() => _bed.Kernel.Fragments.Age = age);
            XdpAction action = scene.SendMany(Later(scene.Packet(), 64), 1)[0];
            _bed.Run(() => _bed.Kernel.Fragments.Age = 1);
            return action;
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void First_piece_without_the_whole_transport_header_is_dropped(Delivery way)
    {
        Scene udp = Udp(way);
        Scene tcp = Tcp(way);
        udp.Send(Cut(First(udp.Packet().Payload(0)), 1), e => e.Dropped(Verdict.DropFragment));
        tcp.Send(Cut(First(tcp.Packet().Payload(0)), 1), e => e.Dropped(Verdict.DropFragment));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Fragments_for_no_service_are_dropped(Delivery way)
    {
        Scene scene = Udp(way);
        Packet other = First(scene.Packet()).UdpHeader(udp => udp with { DestinationPort = 81 });
        scene.Send(other, e => e.Dropped(Verdict.DropFragment));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Relay_gets_all_pieces_and_the_host_joins_them(Delivery way)
    {
        Scene scene = Udp(way).With(s => s with { Mode = ForwardingMode.Tproxy });
        scene.Send(First(scene.Packet()), e => e.Relayed())
            .Send(Later(scene.Packet(), 64), e => e.Relayed());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Pieces_of_a_reply_come_from_the_vip(Delivery way)
    {
        Scene scene = Udp(way).Replying();
        Packet first = First(scene.Reply(2));
        Packet later = Later(scene.Reply(2), 64);
        scene.Send(later, e => e.NotOurs())
            .Send(first, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, first), Verdict.Reply))
            .Send(later, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, later), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(Tunnels))]
    public void Sender_is_told_of_a_first_piece_that_does_not_fit_and_of_no_other(Delivery way)
    {
        Scene scene = Udp(way);
        int room = Scene.Mtu - way.Overhead();
        int rest = Scene.Mtu - (way.HasV6Vip() ? 48 : 20);
        Packet first = First(scene.Packet().Payload(rest - 8));
        scene.Send(First(scene.Packet()), e => e.Forwarded(to: 1))
            .Send(first, e => e.Told(room))
            .Send(Later(scene.Packet(), 64, size: rest), e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void First_piece_that_was_refused_is_not_remembered(Delivery way)
    {
        Scene scene = Udp(way).Backend(1, b => b with { NextHop = null });
        scene.Send(First(scene.Packet()), e => e.DroppedOfService(Verdict.DropNoNextHop))
            .Send(Later(scene.Packet(), 64), e => e.Dropped(Verdict.DropFragment));
    }

    private static byte[] Routed(Scene scene, Packet reply) =>
        reply.ComingFrom(scene.Delivery.Vip()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();

    internal static Packet First(Packet packet, int id = Id) => Piece(packet, 0, more: true, id);

    /// <summary>A piece that begins so many bytes behind the IP header of the whole.</summary>
    internal static Packet Later(Packet packet, int offset, bool more = true, int id = Id, int size = 32) =>
        Piece(packet with { Transport = new RawTransport(packet.Transport!.Protocol) }, offset, more, id).Payload(size);

    private static Packet Piece(Packet packet, int offset, bool more, int id) => packet.Ip is Ip6Header
        ? packet.Ip6(ip => ip with
        {
            Extension = (44, [0, (byte)(offset >> 8), (byte)(offset | (more ? 1 : 0)), 0, 0, (byte)(id >> 8), (byte)id]),
        })
        : packet.Ip4(ip => ip with { Id = (ushort)id, Fragment = (ushort)((offset / 8) | (more ? 0x2000 : 0)) });

    private static Packet Cut(Packet packet, int bytes) =>
        packet.IpLength(packet.ToLayer3().Length - (packet.Ip is Ip6Header ? Ip6Header.Length : 0) - bytes);
}
