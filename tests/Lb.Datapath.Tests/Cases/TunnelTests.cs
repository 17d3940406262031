using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>The outer headers of dsr-ipip and dsr-gue.</summary>
public class TunnelTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Tunnels))]
    public void Traffic_class_is_copied_to_the_outer_header(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(scene.Packet().Tos(0xb9), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Tunnels))]
    public void Padding_stays_behind_the_packet_and_out_of_the_outer_length(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(scene.Packet().Payload(0).Pad(6), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Inner_packet_is_not_mended(Delivery way)
    {
        Scene scene = Udp(way);
        Packet sent = scene.Packet().TransportChecksum(0xdead);
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootFact]
    public void Inner_ip_checksum_is_not_looked_at()
    {
        Scene scene = Tcp(Delivery.Ipip4In4);
        Packet sent = scene.Packet().Ip4(ip => ip with { HeaderChecksum = 0xdead });
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootFact]
    public void Inner_flow_label_is_not_the_outer_one()
    {
        Scene scene = Tcp(Delivery.Ipip6In6);
        Packet sent = scene.Packet().Ip6(ip => ip with { FlowLabel = 0xabcde });
        scene.Send(sent, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Every_packet_of_a_flow_gets_the_same_outer_header(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootFact]
    public void Outer_ip_checksum_that_comes_out_as_zero_says_zero()
    {
        Scene scene = Tcp(Delivery.Ipip4In4);
        Packet sent = scene.Packet();
        (IPAddress source, Packet outer) = Enumerable.Range(0, 0x10000)
            .Select(n => new IPAddress([10, 1, (byte)(n >> 8), (byte)n]))
            .Select(from => (from, Packet.Tunnel(from, Roles.Backend4(1).Address, sent).Ip4(ip => ip with { Id = 0 })))
            .First(found => Frame.U16(found.Item2.ToBytes(), Frame.L3 + 10) == 0);
        byte[] expected = outer.Macs(Roles.NodeMac, Roles.BackendMac(1)).ToBytes();
        scene.NextHop(1, hop => hop with { SourceAddress = source })
            .Send(sent, e => e.Forwarded(to: 1, expected));
    }
}
