using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>nat lowers the MSS that client and backend tell each other.</summary>
public class MssTests(Testbed bed) : DatapathTest(bed)
{
    private const ushort Most = 1400;

    /// <summary>What stands before the MSS option: nothing, padding that puts it at odd places, other options.</summary>
    public static TheoryData<Delivery, byte[]> Places { get; } = AllPlaces();

    [RootTheory, MemberData(nameof(Places))]
    public void Syn_of_a_client_says_no_more_than_the_service_lets_it(Delivery way, byte[] before)
    {
        Scene scene = Clamping(way);
        Packet said = With(scene.Syn(), before, 1460);
        byte[] lowered = scene.Delivered(With(scene.Syn(), before, Most), 1).ToBytes();
        scene.Send(said, e => e.Forwarded(to: 1, lowered).NewFlow());
    }

    [RootTheory, MemberData(nameof(Places))]
    public void Answer_of_a_backend_says_no_more_than_the_service_lets_it(Delivery way, byte[] before)
    {
        Scene scene = Clamping(way).Replying(NatFlags.Mss);
        Packet answer = scene.Reply(2).TcpHeader(tcp => tcp with { Flags = TcpFlags.Syn | TcpFlags.Ack });
        Packet lowered = With(answer, before, Most).ComingFrom(way.Vip()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac);
        scene.Send(
            With(answer, before, 1460), e => e.Replied(2).Leaves(XdpAction.Transmit, lowered.ToBytes(), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Smaller_mss_and_none_stay_as_they_are(Delivery way)
    {
        Scene scene = Clamping(way);
        scene.Send(With(scene.Syn(), [], 1200), e => e.Forwarded(to: 1).NewFlow())
            .Send(With(scene.Syn(), [], Most), e => e.Forwarded(to: 1).NewFlow())
            .Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Segments_that_are_no_syns_stay_as_they_are(Delivery way)
    {
        Scene scene = Clamping(way);
        scene.Send(With(scene.Packet(), [], 1460), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Options_that_cannot_be_read_stay_as_they_are(Delivery way)
    {
        Scene scene = Clamping(way);
        byte[][] broken =
        [
            [2, 3, 5, 0xb4], [9, 0, 2, 4, 5, 0xb4, 1, 1], [0, 2, 4, 5, 0xb4, 1, 1, 1], [1, 1, 2, 4], [8, 10, 5, 0xb4],
        ];
        foreach (byte[] options in broken)
        {
            Packet syn = scene.Syn().TcpHeader(tcp => tcp with { Options = options });
            scene.Send(syn, e => e.Forwarded(to: 1).NewFlow());
        }
    }

    private static TheoryData<Delivery, byte[]> AllPlaces()
    {
        var places = new TheoryData<Delivery, byte[]>();
        foreach (byte[] before in (byte[][])[[], [1], [1, 1], [4, 2, 1], [8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 3, 3, 7]])
        {
            places.Add(Delivery.Nat4, before);
            places.Add(Delivery.Nat6, before);
        }

        return places;
    }

    private static Packet With(Packet packet, byte[] before, int mss)
    {
        List<byte> options = [.. before, 2, 4, (byte)(mss >> 8), (byte)mss];
        options.AddRange(Enumerable.Repeat((byte)1, -options.Count & 3));
        return packet.TcpHeader(tcp => tcp with { Options = [.. options] });
    }

    private Scene Clamping(Delivery way)
    {
        Scene scene = Tcp(way);
        for (uint backend = 1; backend <= 3; backend++)
        {
            scene.Backend(backend, b => b with { Mss = Most });
        }

        return scene;
    }
}
