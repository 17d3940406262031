using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>
/// Packets that the host has joined into one, at traffic control: what has to fit is each of them. A test run knows no
/// joined packets that can be put into a tunnel; <c>Lb.Netns.Tests</c> sends such.
/// </summary>
[Collection(TcTestbed.Name)]
public sealed class JoinedTests(TcTestbed bed) : DatapathTest(bed)
{
    private readonly TcTestbed _bed = bed;

    public static TheoryData<Delivery> Direct { get; } =
        [.. Enum.GetValues<Delivery>().Where(way => way.Overhead() == 0)];

    [RootTheory, MemberData(nameof(Direct))]
    public void Joined_segments_that_fit_one_by_one_are_forwarded(Delivery way)
    {
        Scene scene = Tcp(way);
        Packet joined = scene.Packet().Payload(3000);
        Outcome(scene, joined, segment: Fitting(way), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Direct))]
    public void Sender_of_joined_segments_that_are_too_long_by_a_byte_is_told(Delivery way)
    {
        Scene scene = Tcp(way).NextHop(1, hop => hop with { Mtu = Scene.Mtu - 1 });
        Packet joined = scene.Packet().Payload(3000);
        Outcome(scene, joined, segment: Fitting(way), e => e.Told(Scene.Mtu - 1));
    }

    [RootTheory, MemberData(nameof(Direct))]
    public void Datagrams_are_measured_one_by_one_too(Delivery way)
    {
        Scene scene = Udp(way);
        Packet joined = scene.Packet().Payload(3000);
        Outcome(scene, joined, segment: Fitting(way) + 12, e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Direct))]
    public void Packet_that_was_not_joined_is_measured_as_it_is(Delivery way)
    {
        Scene scene = Tcp(way);
        Outcome(scene, scene.Packet().Payload(3000), segment: 0, e => e.DroppedOfService(Verdict.DropTooBig));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Joined_reply_goes_to_its_client(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        Packet reply = scene.Reply(2).Payload(3000);
        Packet routed = reply.ComingFrom(way.Vip()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac);
        Outcome(scene, reply, Fitting(way), e => e.Replied(2).Leaves(XdpAction.Redirect, routed.ToBytes(), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(Tunnels))]
    public void Joined_packets_that_cannot_be_taken_apart_behind_an_outer_header_are_dropped(Delivery way)
    {
        Scene scene = Tcp(way);
        Outcome(scene, scene.Packet().Payload(3000), segment: 1000, e => e.DroppedOfService(Verdict.DropHeadroom));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Joined_segments_of_a_flow_whose_backend_is_dead_are_answered_once(Delivery way)
    {
        Scene scene = Tcp(way).With(service => service with { Resets = true }).Slot(current: 2, previous: 1).Dead(1);
        Outcome(scene, scene.Packet().Payload(3000), Fitting(way), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0));
    }

    /// <summary>Payload of a segment that makes a packet of the links' MTU.</summary>
    private static int Fitting(Delivery way) => Scene.Mtu - 20 - (way.HasV6Vip() ? 40 : 20);

    private void Outcome(Scene scene, Packet packet, int segment, Action<Expectation> expect)
    {
        var expected = new Expectation(scene, packet);
        expect(expected);
        _bed.Run(() =>
        {
            _bed.Kernel.Apply(scene.World);
            var before = _bed.Counters();
            TestRun run = _bed.Kernel.Run(packet.ToBytes(), scene.World.Ingress, segment: segment);
            Assert.Equal((scene.Seen(expected.Action), Compare.Hex(expected.Bytes)), (run.Action, Compare.Hex(run.Packet)));
            Assert.Equal(expected.Counters.ToString(), _bed.Counters().Since(before).ToString());
        });
    }
}
