using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>The sender of what does not fit is told how much does.</summary>
public class TooBigTests(Testbed bed) : DatapathTest(bed)
{
    private const int LeastOfIp6 = 1280;

    public static TheoryData<Delivery> V4Vips { get; } =
        [.. Enum.GetValues<Delivery>().Where(way => !way.HasV6Vip())];

    public static TheoryData<Delivery> V6Vips { get; } =
        [.. Enum.GetValues<Delivery>().Where(way => way.HasV6Vip())];

    [RootTheory, MemberData(nameof(Ways))]
    public void Sender_is_told_what_is_left_of_the_mtu(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).NextHop(1, hop => hop with { Mtu = 1400 });
        int room = 1400 - way.Overhead();
        scene.Send(Sized(scene, room), e => e.Forwarded(to: 1))
            .Send(Sized(scene, room + 1), e => e.Told(room))
            .Send(Sized(scene, Scene.Mtu), e => e.Told(room));
    }

    [RootTheory, MemberData(nameof(V4Vips))]
    public void Sender_without_DF_is_told_too(Delivery way)
    {
        Scene scene = Udp(way).NextHop(1, hop => hop with { Mtu = 1400 });
        Packet sent = Sized(scene, Scene.Mtu).Ip4(ip => ip with { Fragment = 0 });
        scene.Send(sent, e => e.Told(1400 - way.Overhead()));
    }

    [RootTheory, MemberData(nameof(V4Vips))]
    public void Packet_with_less_than_a_full_quote_is_quoted_by_its_headers(Delivery way)
    {
        Scene scene = Tcp(way).NextHop(1, hop => hop with { Mtu = 300 });
        int room = 300 - way.Overhead();
        scene.Send(Sized(scene, 547), e => e.Told(room)).Send(Sized(scene, 548), e => e.Told(room));
    }

    [RootTheory, MemberData(nameof(V4Vips))]
    public void Nobody_is_told_of_less_than_every_host_takes(Delivery way)
    {
        Scene scene = Tcp(way).NextHop(1, hop => hop with { Mtu = 68 + way.Overhead() });
        scene.Send(Sized(scene, 69), e => e.Told(68))
            .NextHop(1, hop => hop with { Mtu = 67 + way.Overhead() })
            .Send(Sized(scene, 69), e => e.DroppedOfService(Verdict.DropTooBig))
            .NextHop(1, hop => hop with { Mtu = 10 })
            .Send(Sized(scene, 69), e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(V6Vips))]
    public void Nobody_is_told_of_less_than_every_host_of_IPv6_takes(Delivery way)
    {
        Scene scene = Tcp(way).NextHop(1, hop => hop with { Mtu = LeastOfIp6 + way.Overhead() });
        scene.Send(Sized(scene, LeastOfIp6 + 1), e => e.Told(LeastOfIp6))
            .NextHop(1, hop => hop with { Mtu = LeastOfIp6 - 1 + way.Overhead() })
            .Send(Sized(scene, LeastOfIp6), e => e.DroppedOfService(Verdict.DropTooBig))
            .Send(Sized(scene, LeastOfIp6 + 1), e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void What_the_host_has_joined_is_not_answered(Delivery way)
    {
        Scene scene = Tcp(way).NextHop(1, hop => hop with { Mtu = 1400 });
        scene.Send(Sized(scene, Scene.Mtu + 1), e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory]
    [InlineData("0.0.0.0"), InlineData("127.0.0.1"), InlineData("224.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::"), InlineData("ff02::1")]
    public void Source_that_is_no_single_host_is_not_answered(string source)
    {
        var client = new IPEndPoint(IPAddress.Parse(source), 40_000);
        Scene scene = Udp(source.Contains(':', StringComparison.Ordinal) ? Delivery.Ipip6In6 : Delivery.Ipip4In4);
        Packet sent = Sized(scene, Scene.Mtu).ComingFrom(client);
        scene.Send(sent, e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Frame_for_all_hosts_is_not_answered(Delivery way)
    {
        Scene scene = Udp(way).NextHop(1, hop => hop with { Mtu = 1400 });
        Packet sent = Sized(scene, Scene.Mtu) with { To = new Mac(0xffff_ffff_ffff) };
        scene.Send(sent, e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Flow_log_has_nothing_to_do_with_it(Delivery way)
    {
        Scene scene = Tcp(way).With(s => s with { Logging = FlowLogging.Full }).NextHop(1, hop => hop with { Mtu = 1400 });
        scene.Send(Sized(scene, Scene.Mtu), e => e.Told(1400));
    }

    [RootTheory, MemberData(nameof(Tunnels))]
    public void Answers_are_limited(Delivery way)
    {
        int limit = (int)Lb.Kernel.Layout.Limit.AnswerLimit;
        Scene scene = Udp(way);
        Ticks.InOne(() =>
        {
            IReadOnlyList<XdpAction> actions = scene.SendMany(Sized(scene, Scene.Mtu), limit + 2);
            Assert.Equal(Enumerable.Repeat(scene.Seen(XdpAction.Transmit), limit), actions.Take(limit));
            Assert.Equal([XdpAction.Drop, XdpAction.Drop], actions.Skip(limit));
        });
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Backend_is_told_that_its_reply_does_not_fit_the_way_to_the_client(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        Packet fits = Sized(scene.Reply(2, way.NarrowClient()), Surroundings.NarrowMtu);
        Packet tooLong = Sized(scene.Reply(2, way.NarrowClient()), Surroundings.NarrowMtu + 1);
        byte[] routed = fits.ComingFrom(way.Vip()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac).ToBytes();
        scene.Send(fits, e => e.Replied(2).Leaves(XdpAction.Transmit, routed, Verdict.Reply))
            .Send(tooLong, e => e.Told(Surroundings.NarrowMtu));
    }

    [RootFact]
    public void Reply_without_DF_is_left_to_the_host_which_makes_fragments()
    {
        Scene scene = Udp(Delivery.Nat4).Replying();
        Packet reply = Sized(scene.Reply(2, Roles.Narrow4), Scene.Mtu).Ip4(ip => ip with { Fragment = 0 });
        byte[] rewritten = reply.ComingFrom(Roles.Vip4).Hop().ToBytes();
        scene.Send(reply, e => e.Replied(2).Leaves(XdpAction.Pass, rewritten, Verdict.PassNoRoute));
    }

    private static Packet Sized(Scene scene, int length) => Sized(scene.Packet(), length);

    /// <summary>A packet of so many bytes, its headers included.</summary>
    private static Packet Sized(Packet packet, int length) =>
        packet.Payload(length - packet.Payload(0).ToLayer3().Length);
}
