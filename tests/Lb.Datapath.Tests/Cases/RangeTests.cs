using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Services of prefixes and port ranges: what they have, and which of several a packet is for.</summary>
public sealed class RangeTests(Testbed bed) : DatapathTest(bed)
{
    private const int All = ushort.MaxValue;

    /// <summary>Bits of the prefixes around the VIP.</summary>
    private const int Narrow = 8;
    private const int Wide = 16;

    [RootTheory, MemberData(nameof(Ways))]
    public void Ports_of_a_range_are_forwarded_and_those_beside_it_are_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Ranged(way, protocol, 0, 5000, 5999);
        foreach (int port in (int[])[5000, 5001, 5511, 5512, 5998, 5999])
        {
            Sends(scene, At(way, port));
        }

        foreach (int port in (int[])[0, 1, 80, 4999, 6000, 5000 ^ 0x8000, All])
        {
            scene.Send(To(scene, At(way, port)), e => e.NotOurs());
        }
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Every_port_of_a_range_of_odd_edges_is_found_and_no_other(Delivery way)
    {
        const int first = 9_999;
        const int last = 10_247;
        Scene scene = Ranged(way, TransportProtocol.Udp, 0, first, last);
        for (int port = first - 3; port <= last + 3; port++)
        {
            if (port is >= first and <= last)
            {
                Sends(scene, At(way, port));
            }
            else
            {
                scene.Send(To(scene, At(way, port)), e => e.NotOurs());
            }
        }
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void All_ports_of_a_prefix_are_forwarded_and_the_next_address_is_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Ranged(way, protocol, Narrow, 1, All);
        foreach (int last in (int[])[0, 1, 16, 128, 255])
        {
            Sends(scene, At(way, 1, last));
            Sends(scene, At(way, 443, last));
            Sends(scene, At(way, All, last));
        }

        scene.Send(To(scene, At(way, 443, 256)), e => e.NotOurs())
            .Send(To(scene, At(way, 443, -1)), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Other_protocol_of_a_range_is_not_ours(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Narrow, 1, All);
        scene.Send(Packet.Udp(way.Client(), At(way, 443)), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Single_port_of_the_address_beats_every_range(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, 0, 80, 81, Scene.OtherServiceId);
        Add(scene, Narrow, 1, All, Scene.OtherServiceId);
        scene.World.Services[scene.Vip] = scene.Service;
        Sends(scene, way.Vip());
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Fewer_ports_beat_more_wherever_they_lie(Delivery way)
    {
        foreach ((int first, int last) in ((int, int)[])[(5000, 5009), (5500, 5500), (5990, 5999)])
        {
            Scene scene = Ranged(way, TransportProtocol.Tcp, 0, 5000, 5999, Scene.OtherServiceId);
            Add(scene, 0, first, last, Scene.ServiceId);
            Sends(scene, At(way, first));
            Sends(scene, At(way, last));
            Add(scene, 0, first, last, Scene.OtherServiceId);
            Add(scene, 0, 5000, 5999, Scene.ServiceId);
            foreach (int port in (int[])[first - 1, last + 1, 5700])
            {
                if (port is >= 5000 and <= 5999)
                {
                    Sends(scene, At(way, port));
                }
            }
        }
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Longer_prefix_beats_a_shorter_one_with_fewer_ports(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Wide, 443, 443, Scene.OtherServiceId);
        Add(scene, Narrow, 1, All, Scene.ServiceId);
        Sends(scene, At(way, 443, 7));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void What_a_longer_prefix_leaves_open_is_the_shorter_ones(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Wide, 1, All);
        Add(scene, Narrow, 5000, 5999, Scene.OtherServiceId);
        Add(scene, 0, 80, 80, Scene.OtherServiceId);
        Sends(scene, At(way, 4999, 7));
        Sends(scene, At(way, 6000, 7));
        Sends(scene, At(way, 5000, 256));
        Sends(scene, At(way, 81, Own(way)));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Service_that_goes_leaves_its_ports_to_the_wider_one(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Narrow, 1, All);
        Endpoint narrow = Add(scene, 0, 5000, 5999, Scene.OtherServiceId);
        Sends(scene, At(way, 6000, Own(way)));
        scene.World.Services.Remove(narrow);
        Sends(scene, At(way, 5000, Own(way)));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_is_answered_inside_a_prefix_and_not_beside_it(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Narrow, 5000, 5999);
        foreach (int last in (int[])[0, 77, 255])
        {
            Packet ping = Ping(way, At(way, 0, last).Address);
            Packet pong = Ping(way, At(way, 0, last).Address, answer: true);
            scene.Send(ping, e => e.Leaves(XdpAction.Transmit, pong.ToBytes(), Verdict.Echo));
        }

        scene.Send(Ping(way, At(way, 0, 256).Address), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Error_about_a_packet_of_a_range_goes_to_its_backend(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Narrow, 5000, 5999);
        IPEndPoint vip = At(way, 5123, 9);
        Packet error = Error(way, vip);
        byte[] delivered = scene.Delivered(error, 1, FlowTo(scene, vip)).ToBytes();
        scene.Send(error, e => e.Forwarded(1, delivered).Leaves(XdpAction.Redirect, delivered, Verdict.IcmpError))
            .Send(Error(way, At(way, 6000, 9)), e => e.Dropped(Verdict.DropIcmpUnknown));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Fragments_of_a_range_go_to_its_backend(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Udp, Narrow, 5000, 5999);
        IPEndPoint vip = At(way, 5123, 9);
        Packet first = FragmentTests.First(To(scene, vip));
        Packet later = FragmentTests.Later(To(scene, vip), 64);
        scene.Send(first, e => e.Forwarded(1, scene.Delivered(first, 1, FlowTo(scene, vip)).ToBytes()))
            .Send(later, e => e.Forwarded(1, scene.Delivered(later, 1, FlowTo(scene, vip)).ToBytes()))
            .Send(FragmentTests.First(To(scene, At(way, 4999, 9)), id: 9), e => e.Dropped(Verdict.DropFragment))
            .Send(FragmentTests.First(To(scene, At(way, 5123, 256)), id: 10), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Backend_of_full_nat_without_a_port_gets_the_one_that_was_asked_for(Delivery way)
    {
        Scene scene = Ranged(way, TransportProtocol.Tcp, Narrow, 5000, 5999, full: true)
            .Backend(1, backend => backend with { Port = 0 });
        var node = new IPEndPoint(way.HasV6Vip() ? IPAddress.Parse("2001:db8:1::50") : IPAddress.Parse("10.1.0.50"), 2000);
        scene.World.Sources.Add(new FullNatSource(node.Address, 2000, 2000));
        IPEndPoint vip = At(way, 5123, 9);
        var backend = new IPEndPoint(way.Backend(1).Address, 5123);
        Packet sent = To(scene, vip);
        Packet answer = Packet.Tcp(backend, node).Payload(11);
        byte[] there = sent.ComingFrom(node).Towards(backend).Hop().Macs(Roles.NodeMac, Roles.BackendMac(1)).ToBytes();
        byte[] back = answer.ComingFrom(vip).Towards(way.Client()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();
        scene.Send(sent, e => e.Forwarded(1, there).Begun())
            .Send(answer, e => e.Replied(1).Leaves(XdpAction.Transmit, back, Verdict.Reply));
    }

    private static int Own(Delivery way) => way.Vip().Address.GetAddressBytes()[^1];

    /// <summary>A port of an address that lies so many behind the beginning of the prefix around the VIP.</summary>
    private static IPEndPoint At(Delivery way, int port, int? last = null)
    {
        byte[] address = way.Vip().Address.GetAddressBytes();
        int number = (address[^2] << 8) + (last ?? address[^1]);
        address[^2] = (byte)(number >> 8);
        address[^1] = (byte)number;
        return new IPEndPoint(new IPAddress(address), port);
    }

    /// <summary>The scene's service with a prefix and a range in place of its address and port.</summary>
    private Scene Ranged(
        Delivery way,
        TransportProtocol protocol,
        int openBits,
        int first,
        int last,
        uint id = Scene.ServiceId,
        bool full = false)
    {
        Scene scene = Of(way, protocol, full ? Tracking.Full : Tracking.Minimal).With(service => full
            ? service with { Mode = ForwardingMode.FullNat, Relay = RelayFlags.FullNat }
            : service);
        scene.World.Services.Clear();
        Add(scene, openBits, first, last, id);
        return scene;
    }

    private static Endpoint Add(Scene scene, int openBits, int first, int last, uint id)
    {
        byte[] address = scene.Vip.Address.GetAddressBytes();
        for (int bit = 0; bit < openBits; bit += 8)
        {
            address[^((bit / 8) + 1)] = 0;
        }

        Endpoint vip = Endpoint.Of(
            new IPNetwork(new IPAddress(address), (address.Length * 8) - openBits), (ushort)first, (ushort)last, scene.Protocol);
        scene.World.Services[vip] = scene.Service with { Id = id };
        return vip;
    }

    private static Packet To(Scene scene, IPEndPoint vip) =>
        Packet.Of(scene.Protocol, scene.Delivery.Client(), vip).Payload(11);

    private static Flow FlowTo(Scene scene, IPEndPoint vip) =>
        scene.Flow with { Vip = vip.Address, VipPort = (ushort)vip.Port };

    private static void Sends(Scene scene, IPEndPoint vip)
    {
        Packet packet = To(scene, vip);
        scene.Send(packet, e => e.Forwarded(1, scene.Delivered(packet, 1, FlowTo(scene, vip)).ToBytes()));
    }

    private static Packet Ping(Delivery way, IPAddress vip, bool answer = false)
    {
        byte type = way.HasV6Vip()
            ? answer ? IcmpType.EchoReply6 : IcmpType.EchoRequest6
            : answer ? IcmpType.EchoReply4 : IcmpType.EchoRequest4;
        Packet ping = answer
            ? Packet.Icmp(vip, way.Client().Address, type, rest: 0x1234_0001).Ttl(64)
            : Packet.Icmp(way.Client().Address, vip, type, rest: 0x1234_0001);
        return (answer ? ping.Macs(ping.To, ping.From) : ping).Payload(32);
    }

    private static Packet Error(Delivery way, IPEndPoint vip) =>
        Packet.Icmp(way.Router(), vip.Address, IcmpErrorTests.ErrorTypes(way)[0], code: 4, rest: 1400)
            .Payload([.. Packet.Tcp(vip, way.Client()).Payload(11).Ttl(1).ToLayer3()]);
}
