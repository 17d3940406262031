using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Services of port ranges with nat: the port stays as the client asked for, there and back.</summary>
public class NatRangeTests(Testbed bed) : DatapathTest(bed)
{
    private const int First = 5000;
    private const int Last = 5999;
    private const int All = ushort.MaxValue;

    /// <summary>Checksum of quoted packets, which nobody brings up to date.</summary>
    private const int Untouched = 0x1234;

    [RootTheory, MemberData(nameof(ReplyTests.NatWays), MemberType = typeof(ReplyTests))]
    public void Port_is_kept_there_and_back(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Ranged(way, protocol, First, Last);
        foreach (int port in (int[])[First, First + 1, 5511, 5512, Last])
        {
            Exchanges(scene, port);
        }

        foreach (int port in (int[])[0, 80, First - 1, Last + 1, First ^ 0x8000, All])
        {
            scene.Send(Of(protocol, Vip(way, port)), e => e.NotOurs())
                .Send(Packet.Of(protocol, At(way, port), way.Client()).Payload(11), e => e.NotOurs());
        }
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Every_port_of_a_range_of_odd_edges_has_replies_and_no_other(Delivery way)
    {
        const int first = 9_999;
        const int last = 10_247;
        Scene scene = Ranged(way, TransportProtocol.Udp, first, last);
        for (int port = first - 3; port <= last + 3; port++)
        {
            Packet reply = Packet.Udp(At(way, port), way.Client()).Payload(11);
            scene.Send(reply, e => _ = port is >= first and <= last ? Replied(e, scene, reply, port) : e.NotOurs());
        }
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void All_ports_of_a_protocol_are_kept_and_none_of_the_other(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, 1, All);
        foreach (int port in (int[])[1, 80, 443, 8080, All])
        {
            Exchanges(scene, port);
        }

        scene.Send(Packet.Udp(At(way, 443), way.Client()), e => e.NotOurs())
            .Send(Packet.Tcp(new IPEndPoint(way.Backend(3).Address, 443), way.Client()), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Reply_of_just_its_port_goes_before_ranges_and_fewer_ports_before_more(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, First, Last);
        scene.World.Nat[new Endpoint(way.Backend(1).Address, 5100, TransportProtocol.Tcp)] =
            new NatEntry(way.Vip().Address, 77, Scene.ServiceId, 2);
        scene.World.Nat[Source(way, TransportProtocol.Tcp, 5200, 5299)] = new NatEntry(way.Vip().Address, 0, Scene.ServiceId, 3);
        foreach ((int port, uint backend, int becomes) in ((int, uint, int)[])
            [(5100, 2, 77), (5099, 1, 5099), (5200, 3, 5200), (5299, 3, 5299), (5300, 1, 5300)])
        {
            Packet reply = Packet.Tcp(At(way, port), way.Client()).Payload(11);
            scene.Send(reply, e => Replied(e, scene, reply, becomes, backend));
        }
    }

    [RootTheory, MemberData(nameof(ReplyTests.NatWays), MemberType = typeof(ReplyTests))]
    public void Errors_go_both_ways_with_their_port(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Ranged(way, protocol, First, Last);
        Packet fromBackend = Packet.Of(protocol, At(way, 5123), way.Client()).Payload(11);
        Packet fromVip = fromBackend.ComingFrom(Vip(way, 5123));
        Packet atNode = About(way, way.Router(), way.Vip().Address, fromVip);
        byte[] delivered = About(way, way.Router(), way.Backend(1).Address, fromBackend).Hop()
            .Macs(Roles.NodeMac, Roles.BackendMac(1)).ToBytes();
        scene.Send(atNode, e => e.Forwarded(1, delivered).Leaves(XdpAction.Redirect, delivered, Verdict.IcmpError));

        Packet toBackend = Packet.Of(protocol, way.Client(), At(way, 5123)).Payload(11);
        Packet toVip = toBackend.Towards(Vip(way, 5123));
        Packet refused = About(way, way.Backend(1).Address, way.Client().Address, toBackend);
        byte[] told = About(way, way.Vip().Address, way.Client().Address, toVip).Hop()
            .Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();
        scene.Send(refused, e => e.Replied(1).Leaves(XdpAction.Transmit, told, Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Fragments_go_both_ways_with_their_port(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Udp, First, Last);
        Packet sent = Of(TransportProtocol.Udp, Vip(way, 5123));
        foreach (Packet piece in (Packet[])[FragmentTests.First(sent), FragmentTests.Later(sent, 64)])
        {
            scene.Send(piece, e => e.Forwarded(1, Towards(piece, At(way, 5123)).ToBytes()));
        }

        Packet answer = Packet.Udp(At(way, 5123), way.Client()).Payload(11);
        foreach (Packet piece in (Packet[])[FragmentTests.First(answer), FragmentTests.Later(answer, 64)])
        {
            scene.Send(piece, e => Replied(e, scene, piece, 5123));
        }

        scene.Send(FragmentTests.First(answer.ComingFrom(At(way, Last + 1)), id: 9), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Range_that_goes_leaves_its_replies_alone(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, First, Last);
        Exchanges(scene, 5123);
        scene.World.Nat.Clear();
        scene.Send(Packet.Tcp(At(way, 5123), way.Client()).Payload(11), e => e.NotOurs());
    }

    private static Packet Of(TransportProtocol protocol, IPEndPoint to, IPEndPoint? from = null) =>
        Packet.Of(protocol, from ?? (to.Address.GetAddressBytes().Length == 4 ? Roles.Client4 : Roles.Client6), to).Payload(11);

    private static IPEndPoint Vip(Delivery way, int port) => new(way.Vip().Address, port);

    private static IPEndPoint At(Delivery way, int port) => new(way.Backend(1).Address, port);

    private static Endpoint Source(Delivery way, TransportProtocol protocol, int first, int last) =>
        new(way.Backend(1).Address, (ushort)first, protocol) { LastPort = (ushort)last };

    private static Packet Towards(Packet packet, IPEndPoint backend) =>
        packet.Towards(backend).Hop().Macs(Roles.NodeMac, Roles.BackendMac(1));

    private static Packet About(Delivery way, IPAddress from, IPAddress to, Packet packet) =>
        Packet.Icmp(from, to, IcmpErrorTests.ErrorTypes(way)[0], code: 3).Payload([.. packet.Ttl(9).TransportChecksum(Untouched).ToLayer3()]);

    private static Expectation Replied(Expectation e, Scene scene, Packet reply, int port, uint backend = 1) =>
        e.Replied(backend).Leaves(
            XdpAction.Transmit,
            reply.ComingFrom(Vip(scene.Delivery, port)).Hop().Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes(),
            Verdict.Reply);

    private static void Exchanges(Scene scene, int port)
    {
        Packet request = Of(scene.Protocol, Vip(scene.Delivery, port));
        Packet reply = Packet.Of(scene.Protocol, At(scene.Delivery, port), scene.Delivery.Client()).Payload(11);
        scene.Send(request, e => e.Forwarded(1, Towards(request, At(scene.Delivery, port)).ToBytes()))
            .Send(reply, e => Replied(e, scene, reply, port));
    }

    /// <summary>A service with a range of ports, and a backend that has just these.</summary>
    private Scene Ranged(Delivery way, TransportProtocol protocol, int first, int last)
    {
        Scene scene = Of(way, protocol).Backend(1, backend => backend with { Port = 0 });
        scene.World.Services.Clear();
        scene.World.Services[scene.Vip with { Port = (ushort)first, LastPort = (ushort)last }] = scene.Service;
        scene.World.Nat[Source(way, protocol, first, last)] = new NatEntry(scene.Vip.Address, 0, Scene.ServiceId, 1);
        return scene;
    }
}
