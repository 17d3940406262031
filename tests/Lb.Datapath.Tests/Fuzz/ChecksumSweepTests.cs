using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>
/// Every value that a checksum field can arrive with, right or wrong: carries and the two zeros of ones' complement
/// are where incremental checksums fail, one time in many thousands.
/// </summary>
public class ChecksumSweepTests(Testbed bed) : DatapathTest(bed)
{
    private readonly Testbed _bed = bed;

    public static TheoryData<Delivery, TransportProtocol> NatWays { get; } = Cases.ReplyTests.NatWays;

    [RootTheory, MemberData(nameof(NatWays))]
    public void Transport_checksum_of_a_request_is_carried_on(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        Sweep(scene, scene.Packet().ToBytes(), L4(way) + TransportChecksumAt(protocol));
    }

    [RootTheory, MemberData(nameof(NatWays))]
    public void Transport_checksum_of_a_reply_is_carried_on(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Replying();
        Sweep(scene, scene.Reply(2).ToBytes(), L4(way) + TransportChecksumAt(protocol));
    }

    [RootFact]
    public void Ip_checksum_is_carried_on()
    {
        Scene scene = Tcp(Delivery.Nat4);
        Sweep(scene, scene.Packet().ToBytes(), Frame.L3 + 10);
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Checksum_of_a_ping_is_carried_on(Delivery way)
    {
        byte type = way.HasV6Vip() ? IcmpType.EchoRequest6 : IcmpType.EchoRequest4;
        Packet ping = Packet.Icmp(way.Client().Address, way.Vip().Address, type).Payload(20);
        Sweep(Tcp(way), ping.ToBytes(), L4(way) + IcmpHeader.ChecksumAt);
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Checksums_of_an_error_are_carried_on(Delivery way)
    {
        Scene scene = Udp(way);
        Packet quoted = Packet.Udp(way.Vip(), way.Client()).Payload(11);
        byte type = way.HasV6Vip() ? IcmpType.TimeExceeded6 : IcmpType.TimeExceeded4;
        Packet error = Packet.Icmp(way.Router(), way.Vip().Address, type).Payload(quoted.ToLayer3());
        Sweep(scene, error.ToBytes(), L4(way) + IcmpHeader.ChecksumAt);
        if (!way.HasV6Vip())
        {
            Sweep(scene, error.ToBytes(), L4(way) + IcmpHeader.Length + 10);
        }
    }

    private static int L4(Delivery way) => Frame.L3 + (way.HasV6Vip() ? Ip6Header.Length : Ip4Header.MinimumLength);

    private static int TransportChecksumAt(TransportProtocol protocol) =>
        protocol == TransportProtocol.Tcp ? TcpHeader.ChecksumAt : UdpHeader.ChecksumAt;

    private void Sweep(Scene scene, byte[] frame, int offset) => _bed.Run(() =>
    {
        _bed.Kernel.Apply(scene.World);
        var model = new Model.Datapath(scene.World, new Tally());
        for (int value = 0; value <= 0xffff; value++)
        {
            Frame.U16(frame, offset, value);
            TestRun run = _bed.Kernel.Run(frame, scene.World.Ingress, hasSum: true);
            Outcome expected = model.Run(frame);
            Assert.True(
                run.Action == _bed.Kernel.Seen(expected.Action) && run.Packet.AsSpan().SequenceEqual(expected.Bytes),
                $"checksum {value:x4} at byte {offset}: {Compare.Where(expected.Bytes, run.Packet)}\nsent     {Compare.Hex(frame)}");
        }
    });
}
