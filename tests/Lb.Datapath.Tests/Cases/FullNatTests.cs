using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Kernel.Layout;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>full-nat, with an address that has one port: what a flow gets is known, and a second one finds none.</summary>
public class FullNatTests(Testbed bed) : DatapathTest(bed)
{
    private const ushort Port = 2000;

    public static TheoryData<Delivery, TransportProtocol> FullWays => new()
    {
        { Delivery.Nat4, TransportProtocol.Tcp },
        { Delivery.Nat4, TransportProtocol.Udp },
        { Delivery.Nat6, TransportProtocol.Tcp },
        { Delivery.Nat6, TransportProtocol.Udp },
    };

    [RootTheory, MemberData(nameof(FullWays))]
    public void Both_ends_are_rewritten_there_and_back(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun())
            .Send(Answer(scene), e => e.Replied(1).Leaves(XdpAction.Transmit, Back(scene, Answer(scene)), Verdict.Reply));

        // Both ends have a part in it from the client's next packet on.
        Assert.Empty(scene.World.Full);
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())));
        Assert.Equal(2, scene.World.Full.Count);
        Assert.Empty(scene.World.FullNew);
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Flow_stays_with_its_backend_and_port_when_the_table_changes(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun())
            .Slot(current: 2)
            .Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())));
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Second_flow_to_a_backend_finds_no_port_and_to_another_one_it_does(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        Packet other = scene.Packet().ComingFrom(way.OtherClient());
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun())
            .Send(other, e => e.DroppedOfService(Verdict.DropNoPort))
            .Slot(current: 2)
            .Send(other, e => e.Forwarded(2, There(scene, other, backend: 2)).Begun());
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Port_is_free_again_when_the_flow_is_gone(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        Packet other = scene.Packet().ComingFrom(way.OtherClient());
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun());
        scene.World.FullNew.Clear();
        scene.Send(other, e => e.Forwarded(1, There(scene, other)).Begun())
            .Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoPort));
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Without_an_address_new_flows_are_dropped(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.World.Sources.Clear();
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoPort));
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Packet_to_the_nodes_address_without_a_flow_is_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.Send(Answer(scene), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Syn_on_a_flow_that_was_reset_begins_another_where_the_slot_says(Delivery way)
    {
        Scene scene = Full(way, TransportProtocol.Tcp);
        scene.Send(scene.Syn(), e => e.Forwarded(1, There(scene, scene.Syn())).NewFlow().Begun())
            .Slot(current: 2)
            .Send(scene.Syn(), e => e.Forwarded(1, There(scene, scene.Syn())).NewFlow());
        foreach ((Flow flow, FullState entry) in scene.World.FullNew.Where(entry => entry.Value.Flags.HasFlag(FullFlags.Reply)).ToArray())
        {
            scene.World.FullNew[flow] = entry with { Flags = entry.Flags | FullFlags.Reset };
        }

        scene.Send(scene.Syn(), e => e.Forwarded(2, There(scene, scene.Syn(), backend: 2)).NewFlow().Begun());
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Flow_of_a_dead_backend_begins_anew_at_another(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun())
            .Dead(1)
            .Slot(current: 2)
            .Send(scene.Packet(), e => e.Forwarded(2, There(scene, scene.Packet(), backend: 2)).Begun());
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Error_of_a_backend_or_router_about_a_packet_goes_to_its_client(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        Packet sent = scene.Packet().ComingFrom(Source(way)).Towards(way.Backend(1)).Hop();
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun());
        foreach (IPAddress from in (IPAddress[])[way.Backend(1).Address, way.Router()])
        {
            Packet error = Error(way, from, Source(way).Address, sent);
            Packet quoted = sent.TransportChecksum(Checksums.OfTransport(sent)).ComingFrom(way.Client()).Towards(way.Vip());
            Packet told = Error(way, way.Vip().Address, way.Client().Address, quoted).Hop();
            scene.Send(error, e => e.Replied(1).Leaves(
                XdpAction.Transmit, told.Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes(), Verdict.Reply));
        }
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Error_about_a_reply_goes_to_its_backend_from_the_nodes_address(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun());
        Packet reply = Answer(scene).ComingFrom(way.Vip()).Towards(way.Client());
        Packet quoted = reply.TransportChecksum(Checksums.OfTransport(reply)).ComingFrom(way.Backend(1)).Towards(Source(way));
        Packet told = Error(way, Source(way).Address, way.Backend(1).Address, quoted).Hop();
        scene.Send(Error(way, way.Router(), way.Vip().Address, reply), e =>
        {
            e.Forwarded(1, told.Macs(Roles.NodeMac, Roles.BackendMac(1)).ToBytes());
            e.Counters.Count(Verdict.IcmpError, Error(way, way.Router(), way.Vip().Address, reply).ToBytes().Length);
        });
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Pieces_of_datagrams_with_one_number_get_numbers_of_their_own_there_and_back(Delivery way, TransportProtocol protocol)
    {
        const int own = (int)World.FirstId;
        Scene scene = Full(way, protocol, ports: 2);
        Packet one = scene.Packet(), other = one.ComingFrom(way.OtherClient());
        Packet first = FragmentTests.First(one), second = FragmentTests.First(other);
        int port = PortOf(scene.FlowOf(way.Client())), otherPort = PortOf(scene.FlowOf(way.OtherClient()), port);
        scene.Send(first, e => e.Forwarded(1, There(scene, FragmentTests.First(one, own), port)).Begun())
            .Send(second, e => e.Forwarded(1, There(scene, FragmentTests.First(other, own + 1), otherPort)).Begun())
            .Send(Rest(one), e => e.Forwarded(1, There(scene, Rest(one, own))))
            .Send(Rest(other), e => e.Forwarded(1, There(scene, Rest(other, own + 1))));

        Packet answer = Answer(scene, port);
        scene.Send(Rest(answer), e => e.NotOurs())
            .Send(FragmentTests.First(answer), e => Answered(e, FragmentTests.First(answer, own)))
            .Send(Rest(answer), e => Answered(e, Rest(answer, own)));

        void Answered(Expectation e, Packet piece) =>
            e.Replied(1).Leaves(XdpAction.Transmit, Back(scene, piece), Verdict.Reply);
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void Pieces_stay_with_the_backend_of_their_flow_and_wait_for_nobody(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol);
        scene.Send(scene.Packet(), e => e.Forwarded(1, There(scene, scene.Packet())).Begun())
            .Slot(current: 2)
            .Send(Rest(scene.Packet()), e => e.Dropped(Verdict.DropFragment))
            .Send(FragmentTests.First(scene.Packet()), e => e.Forwarded(1, There(scene, FragmentTests.First(scene.Packet(), (int)World.FirstId))))
            .Send(Rest(scene.Packet()), e => e.Forwarded(1, There(scene, Rest(scene.Packet(), (int)World.FirstId))));
    }

    [RootTheory, MemberData(nameof(FullWays))]
    public void First_piece_that_was_refused_is_not_remembered(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Full(way, protocol).NextHop(1, hop => hop with { Mtu = 1280 });
        Packet large = FragmentTests.First(scene.Packet().Payload(1400));
        scene.Send(large, e => e.Told(1280))
            .Send(Rest(scene.Packet()), e => e.Dropped(Verdict.DropFragment))
            .NextHop(1, hop => hop with { Mtu = Scene.Mtu })
            .Dead(1)
            .Slot(current: 0)
            .Send(FragmentTests.First(scene.Packet()), e => e.DroppedOfService(Verdict.DropNoBackend))
            .Send(Rest(scene.Packet()), e => e.Dropped(Verdict.DropFragment));
    }

    /// <summary>The port, of two, that a flow gets when another has one.</summary>
    private static int PortOf(Flow flow, int? taken = null)
    {
        ulong mixed = FlowHashModel.Of(flow, Scene.Seed);
        for (uint i = 1; ; i++)
        {
            mixed = FlowHashModel.Absorb(mixed, i);
            int port = Port + (int)(((mixed >> 32) * 2) >> 32);
            if (port != taken)
            {
                return port;
            }
        }
    }

    private static Packet Rest(Packet packet, int? id = null) =>
        id is { } number ? FragmentTests.Later(packet, 64, id: number) : FragmentTests.Later(packet, 64);

    private static IPEndPoint Source(Delivery way) => way.HasV6Vip()
        ? new IPEndPoint(IPAddress.Parse("2001:db8:1::50"), Port)
        : new IPEndPoint(IPAddress.Parse("10.1.0.50"), Port);

    private Scene Full(Delivery way, TransportProtocol protocol, int ports = 1)
    {
        Scene scene = Of(way, protocol, Tracking.Full)
            .With(service => service with { Mode = ForwardingMode.FullNat, Relay = RelayFlags.FullNat });
        scene.World.Sources.Add(new FullNatSource(Source(way).Address, Port, (ushort)(Port + ports - 1)));
        return scene;
    }

    /// <summary>What the backend gets of a client's packet.</summary>
    private static byte[] There(Scene scene, Packet packet, int port = Port, uint backend = 1) =>
        packet.ComingFrom(new IPEndPoint(Source(scene.Delivery).Address, port)).Towards(scene.Delivery.Backend(backend)).Hop()
            .Macs(Roles.NodeMac, Roles.BackendMac(backend))
            .ToBytes();

    private static Packet Answer(Scene scene, int port = Port) =>
        scene.Reply(1, new IPEndPoint(Source(scene.Delivery).Address, port));

    /// <summary>What the client gets of the backend's.</summary>
    private static byte[] Back(Scene scene, Packet packet) =>
        packet.ComingFrom(scene.Delivery.Vip()).Towards(scene.Delivery.Client()).Hop()
            .Macs(Roles.NodeMac, Roles.GatewayMac)
            .ToBytes();

    private static Packet Error(Delivery way, IPAddress from, IPAddress to, Packet about) =>
        Packet.Icmp(from, to, IcmpErrorTests.ErrorTypes(way)[0], code: 3).Payload([.. about.ToLayer3()]);
}
