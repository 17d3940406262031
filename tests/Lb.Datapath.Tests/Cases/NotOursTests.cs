using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>What is for no service passes byte for byte, and no counter moves.</summary>
public class NotOursTests(Testbed bed) : DatapathTest(bed)
{
    public static TheoryData<int> OtherProtocols { get; } = [2, 4, 33, 41, 47, 50, 89, 136, 255];

    [RootTheory, MemberData(nameof(Ways))]
    public void Packet_to_another_address_is_not_ours(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        scene.Send(scene.Packet().Towards(way.Stranger()), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Packet_to_another_port_of_the_vip_goes_to_the_host(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        scene.Send(scene.Packet().Towards(new(way.Vip().Address, 81)), e => e.NotOurs())
            .Send(scene.Packet().Towards(new(way.Vip().Address, 0)), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Packet_of_the_other_protocol_goes_to_the_host(Delivery way)
    {
        Scene tcp = Tcp(way);
        tcp.Send(Packet.Udp(way.Client(), way.Vip()).Payload(9), e => e.NotOurs());
        Scene udp = Udp(way);
        udp.Send(Packet.Tcp(way.Client(), way.Vip()).Payload(9), e => e.NotOurs())
            .Send(Packet.Sctp(way.Client(), way.Vip()).Payload(9), e => e.NotOurs());
        Scene sctp = Sctp(way);
        sctp.Send(Packet.Tcp(way.Client(), way.Vip()).Payload(9), e => e.NotOurs())
            .Send(Packet.Udp(way.Client(), way.Vip()).Payload(9), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(OtherProtocols))]
    public void Other_protocol_to_a_vip_goes_to_the_host_counted(int protocol)
    {
        foreach (Delivery way in (Delivery[])[Delivery.Nat4, Delivery.Nat6])
        {
            Packet sent = Packet.Of((byte)protocol, way.Client().Address, way.Vip().Address).Payload(40);
            Tcp(way).Send(sent, e => e.Passed(Verdict.PassNoService));
        }
    }

    [RootTheory, MemberData(nameof(OtherProtocols))]
    public void Other_protocol_to_another_address_is_not_ours(int protocol)
    {
        foreach (Delivery way in (Delivery[])[Delivery.Nat4, Delivery.Nat6])
        {
            Packet sent = Packet.Of((byte)protocol, way.Client().Address, way.Stranger().Address).Payload(40);
            Tcp(way).Replying().Send(sent, e => e.NotOurs());
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Ping_of_another_address_is_not_ours(Delivery way)
    {
        byte type = way.HasV6Vip() ? IcmpType.EchoRequest6 : IcmpType.EchoRequest4;
        Packet sent = Packet.Icmp(way.Client().Address, way.Stranger().Address, type).Payload(56);
        Tcp(way).Replying().Send(sent, e => e.NotOurs());
    }

    [RootTheory]
    [InlineData(0x0806)]
    [InlineData(0x8100)]
    [InlineData(0x88a8)]
    [InlineData(0x88cc)]
    [InlineData(0x002e)]
    public void Frame_that_is_not_ip_is_not_ours(int etherType)
    {
        Scene scene = Tcp(Delivery.Nat4);
        scene.Send(Packet.Frame((ushort)etherType, new byte[46]), e => e.NotOurs())
            .Send(scene.Packet() with { EtherType = (ushort)etherType }, e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Frame_of_the_other_family_is_not_ours(Delivery way)
    {
        Scene scene = Tcp(way);
        ushort other = (ushort)(way.HasV6Vip() ? 0x0800 : 0x86dd);
        scene.Send(scene.Packet() with { EtherType = other }, e => e.NotOurs());
    }

    [RootFact]
    public void Frame_of_only_an_ethernet_header_is_not_ours()
    {
        Tcp(Delivery.Nat4).Send(Packet.Frame(0x0800, []), e => e.NotOurs())
            .Send(Packet.Frame(0x86dd, []), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Backends_packet_is_not_ours_without_nat(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        scene.Send(Packet.Tcp(scene.Delivery.Vip(), scene.Delivery.Client()), e => e.NotOurs());
    }
}
