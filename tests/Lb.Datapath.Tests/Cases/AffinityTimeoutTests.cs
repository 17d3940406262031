using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Clients that keep their backend when the table changes.</summary>
public class AffinityTimeoutTests(Testbed bed) : DatapathTest(bed)
{
    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Ways))]
    public void Client_keeps_the_backend_of_its_first_flow(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Slot(current: 2);
        Flow neighbour = scene.FlowOf(Neighbour(way));
        Packet second = scene.Packet().ComingFrom(Neighbour(way));
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2).Keeps(2))
            .Slot(current: 3)
            .Send(second, e => e.Forwarded(2, scene.Delivered(second, 2, neighbour).ToBytes()).Tracked(2, neighbour));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Another_client_goes_by_the_table(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Sticky(backend: 1).Slot(current: 3);
        Flow other = scene.FlowOf(Stranger(way));
        Packet packet = scene.Packet().ComingFrom(Stranger(way));
        scene.Send(packet, e => e.Forwarded(3, scene.Delivered(packet, 3, other).ToBytes()).Tracked(3, other).Keeps(3, other));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Client_that_was_away_for_longer_than_the_timeout_goes_by_the_table(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Sticky(backend: 1, isOver: true).Slot(current: 3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3).Tracked(3).Keeps(3));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Client_of_a_dead_backend_moves(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Sticky(backend: 1).Dead(1).Slot(current: 3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3).Tracked(3).Keeps(3));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Flow_that_is_elsewhere_stays_and_does_not_move_its_client(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Sticky(backend: 1).Slot(current: 3).Tracked(2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Flow_that_goes_on_brings_back_what_its_client_keeps(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Sticky(backend: 1, isOver: true).Slot(current: 3).Tracked(2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Keeps(2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void What_a_client_keeps_goes_before_a_moved_slot(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).Sticky(backend: 1).Slot(current: 3, previous: 2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Datagram_of_a_client_that_keeps_nothing_is_new_on_a_moved_slot_and_a_segment_is_older(Delivery way)
    {
        Scene scene = Sticky(way, TransportProtocol.Udp).Slot(current: 3, previous: 2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3).Tracked(3).Keeps(3));
        scene = Sticky(way, TransportProtocol.Tcp).Slot(current: 3, previous: 2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2).Keeps(2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_alone_does_not_show_a_client_and_the_next_segment_does(Delivery way)
    {
        Scene scene = Sticky(way, TransportProtocol.Tcp).Slot(current: 2);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Slot(current: 3)
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted().Keeps(2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_goes_to_the_backend_that_its_client_keeps(Delivery way)
    {
        Scene scene = Sticky(way, TransportProtocol.Tcp).Sticky(backend: 1).Slot(current: 3, previous: 2);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow().TrackedAsPending(1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Spent_budget_leaves_a_client_with_its_backend_and_shows_no_new_one(Delivery way)
    {
        Scene scene = Sticky(way, TransportProtocol.Tcp).Sticky(backend: 1).Slot(current: 3).BudgetSpent();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow().Untracked())
            .Send(scene.Packet(), e => e.Forwarded(to: 1).Untracked());
        scene.World.Clients.Clear();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3).Untracked());
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Packet_on_the_way_keeps_a_client_from_its_timeout(Delivery way) => _bed.Run(() =>
    {
        Scene scene = Sticky(way, TransportProtocol.Tcp).Sticky(backend: 1).Slot(current: 1).Tracked(1);
        _bed.Kernel.Apply(scene.World);
        _bed.Kernel.Clients.Age(ClientTables.Timeout - 10);
        Assert.Equal(XdpAction.Redirect, _bed.Kernel.Run(scene.Packet().ToBytes(), scene.World.Ingress).Action);
        Assert.InRange(Assert.Single(_bed.Kernel.Datapath.ReadClients()).Idle, 0u, 10u);
    });

    [RootTheory, MemberData(nameof(FullWays))]
    public void Client_of_full_nat_keeps_its_backend_from_an_answer_on(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        bool udp = protocol == TransportProtocol.Udp;
        Send(scene, scene.Packet(), 1, e => _ = udp ? e.Begun().Keeps(1) : e.Begun());
        Assert.Equal(udp ? 1 : 0, scene.World.Clients.Count);
        Packet answer = scene.Reply(1, Source(way));
        scene.Send(answer, e => e.Replied(1).Leaves(XdpAction.Transmit, Back(scene, answer), Verdict.Reply));
        Send(scene, scene.Packet(), 1, e => e.Keeps(1));

        // What is new goes there as well, whatever the table says.
        scene.World.Full.Clear();
        scene.Slot(current: 2);
        Send(scene, scene.Packet(), 1, e => e.Begun());
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Client_of_full_nat_whose_backend_died_moves(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol).Sticky(backend: 1).Dead(1).Slot(current: 2);
        Send(scene, scene.Packet(), 2, e => _ = protocol == TransportProtocol.Udp ? e.Begun().Keeps(2) : e.Begun());
    }

    public static TheoryData<Delivery, TransportProtocol> FullWays => FullNatTests.FullWays;

    private Scene Sticky(Delivery way, TransportProtocol protocol) => Of(way, protocol, Tracking.Full).Sticky();

    private Scene Full(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Sticky(way, protocol).With(s => s with { Mode = ForwardingMode.FullNat, Relay = RelayFlags.FullNat });
        scene.World.Sources.Add(new FullNatSource(Source(way).Address, (ushort)Source(way).Port, (ushort)Source(way).Port));
        return scene;
    }

    private static void Send(Scene scene, Packet packet, uint backend, Action<Expectation> expect)
    {
        byte[] there = packet.ComingFrom(Source(scene.Delivery)).Towards(scene.Delivery.Backend(backend)).Hop()
            .Macs(Roles.NodeMac, Roles.BackendMac(backend)).ToBytes();
        scene.Send(packet, e => expect(e.Forwarded(backend, there)));
    }

    private static byte[] Back(Scene scene, Packet answer) => answer
        .ComingFrom(scene.Delivery.Vip()).Towards(scene.Delivery.Client()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();

    private static IPEndPoint Source(Delivery way) =>
        new(IPAddress.Parse(way.HasV6Vip() ? "2001:db8:1::50" : "10.1.0.50"), 2000);

    /// <summary>Of the client's network.</summary>
    private static IPEndPoint Neighbour(Delivery way) =>
        new(IPAddress.Parse(way.HasV6Vip() ? "2001:db8:c::77" : "198.51.100.77"), 3333);

    private static IPEndPoint Stranger(Delivery way) =>
        new(IPAddress.Parse(way.HasV6Vip() ? "2001:db8:a:7::1" : "10.9.7.1"), 3333);
}
