using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Errors that a nat backend sends about a client's packet.</summary>
public class ReplyErrorTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(ReplyTests.NatWays), MemberType = typeof(ReplyTests))]
    public void Backends_error_becomes_the_vips_error(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        foreach (byte type in IcmpErrorTests.ErrorTypes(way))
        {
            Packet error = Error(scene, type);
            scene.Send(error, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, error), Verdict.Reply));
        }
    }

    [RootTheory, MemberData(nameof(ReplyTests.NatWays), MemberType = typeof(ReplyTests))]
    public void Backends_error_that_quotes_the_least_is_rewritten(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        int least = (way.HasV6Vip() ? 40 : 20) + 8;
        Packet error = Error(scene, keep: least);
        scene.Send(error, e => e.Replied(2).Leaves(XdpAction.Transmit, Routed(scene, error), Verdict.Reply))
            .Send(Error(scene, keep: least - 1), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Other_message_of_a_backend_is_not_ours(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        byte echo = way.HasV6Vip() ? IcmpType.EchoReply6 : IcmpType.EchoReply4;
        scene.Send(Error(scene, echo), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Error_about_another_flow_of_a_backend_is_not_ours(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        IPEndPoint otherPort = new(way.Backend(2).Address, 8081);
        scene.Send(Error(scene, about: Quoted(scene).Towards(otherPort)), e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Error_from_a_router_behind_the_backend_is_not_ours(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        Packet error = Error(scene);
        scene.Send(error with { Ip = error.Ip! with { Source = way.Router() } }, e => e.NotOurs())
            .Send(error with { Ip = error.Ip! with { Destination = way.OtherClient().Address } }, e => e.NotOurs());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Error_to_a_direct_prefix_is_left_alone(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        scene.World.Direct.Add(new IPNetwork(way.Client().Address, way.HasV6Vip() ? 128 : 32));
        scene.Send(Error(scene), e => e.Passed(Verdict.PassDirect));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Error_whose_ttl_is_used_up_is_dropped(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        scene.Send(Error(scene).Ttl(1), e => e.DroppedOfService(Verdict.DropTtl));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Error_without_a_route_is_left_to_the_host(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        Packet quoted = Quoted(scene).ComingFrom(way.Stranger());
        Packet error = Error(scene, about: quoted) with
        {
            Ip = IpHeader.Between(way.Backend(2).Address, way.Stranger().Address),
        };
        byte[] expected = Rewritten(scene, error, quoted).ToBytes();
        scene.Send(error, e => e.Replied(2).Leaves(XdpAction.Pass, expected, Verdict.PassNoRoute));
    }

    /// <summary>The client's packet as the backend got it.</summary>
    private static Packet Quoted(Scene scene) => scene.Packet().Towards(scene.Delivery.Backend(2)).Hop();

    private static Packet Error(Scene scene, byte? type = null, Packet? about = null, int keep = int.MaxValue) =>
        Packet.Icmp(
            scene.Delivery.Backend(2).Address,
            scene.Delivery.Client().Address,
            type ?? IcmpErrorTests.ErrorTypes(scene.Delivery)[0],
            code: 3)
        .Payload([.. (about ?? Quoted(scene)).ToLayer3().Take(keep)]);

    private static Packet Rewritten(Scene scene, Packet error, Packet quoted)
    {
        Packet made = quoted.TransportChecksum(Checksums.OfTransport(quoted)).Towards(scene.Delivery.Vip());
        return error.ComingFrom(scene.Delivery.Vip()).Hop()
            .Payload([.. made.ToLayer3().Take(error.Body.Length)]);
    }

    private static byte[] Routed(Scene scene, Packet error) =>
        Rewritten(scene, error, Quoted(scene)).Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();
}
