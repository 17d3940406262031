using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>The flow log with many flows: samples, a full ring buffer, more flows than are remembered.</summary>
public sealed class FlowLogLoadTests(Testbed bed) : DatapathTest(bed)
{
    private const int Slots = 1009;
    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Families))]
    public void Sample_is_its_share_of_flows_with_all_their_events_and_from_all_slots(Delivery way)
    {
        const int Flows = 4000;
        const int OneIn = 8;
        Scene scene = Logged(Tcp(way), FlowLogging.Sampled);
        List<FlowEvent> events = Run(scene, OneIn, Enumerable.Range(0, Flows).SelectMany(number => (Packet[])
        [
            From(scene, number, TcpFlags.Syn), From(scene, number, TcpFlags.Ack), From(scene, number, TcpFlags.Fin),
        ]));

        HashSet<Flow> begun = [.. events.Where(e => e.Kind == FlowEventKind.Begin).Select(e => e.Flow)];
        HashSet<Flow> ended = [.. events.Where(e => e.Kind == FlowEventKind.End).Select(e => e.Flow)];
        Assert.Equal(begun.Count + ended.Count, events.Count);
        Assert.True(begun.SetEquals(ended), "the sample has other flows at their end than at their beginning");
        Assert.InRange(begun.Count, Mean() - (5 * Deviation()), Mean() + (5 * Deviation()));
        Assert.All(begun, flow => Assert.True(IsSampled(flow, OneIn), $"{flow} is not of the sample by its hash"));
        // A sample by the hash as it is would lie in the first eighth of the slots.
        Assert.InRange(events.Average(e => e.Slot), Slots * 0.4, Slots * 0.6);

        static double Mean() => (double)Flows / OneIn;
        static double Deviation() => Math.Sqrt(Flows * (1.0 / OneIn) * (1 - (1.0 / OneIn)));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Sample_of_one_in_one_is_every_flow(Delivery way)
    {
        Scene scene = Logged(Udp(way), FlowLogging.Sampled);
        Assert.Equal(100, Run(scene, 1, Enumerable.Range(0, 100).Select(n => Datagram(scene, n))).Count);
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Events_that_find_the_ring_buffer_full_are_counted_and_forwarding_goes_on(Delivery way)
    {
        const int Room = FlowLog.Size / FlowLog.EventSize;
        const int Lost = 250;
        Scene scene = Logged(Tcp(way), FlowLogging.Full);
        FlowLogCounts before = Counts();

        List<FlowEvent> events = Run(
            scene, 1, Enumerable.Range(0, Room + Lost).Select(number => From(scene, number, TcpFlags.Syn)));

        FlowLogCounts after = Counts();
        Assert.Equal(Room, events.Count);
        Assert.Equal(((ulong)Room, (ulong)Lost), (after.Written - before.Written, after.NoRoom - before.NoRoom));
        Assert.Single(Run(scene, 1, [From(scene, Room + Lost, TcpFlags.Syn)]));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Udp_flows_beyond_those_remembered_are_counted_and_tcp_is_logged_all_the_same(Delivery way)
    {
        const int SetSize = 4;
        Scene udp = Logged(Udp(way), FlowLogging.Full);
        int[] sameSet = [.. SameSet(udp).Take(SetSize + 2)];
        FlowLogCounts before = Counts();

        List<FlowEvent> events = Run(
            udp, 1, sameSet.Concat(sameSet).Concat(sameSet).Select(number => Datagram(udp, number)));

        Assert.Equal(sameSet.Take(SetSize).Select(n => udp.FlowOf(Client(udp, n))), events.Select(e => e.Flow));
        Assert.Equal(2ul * 3, Counts().NoMemory - before.NoMemory);

        Scene tcp = Tcp(way).With(service => service with { Logging = FlowLogging.Full });
        Logged(tcp, FlowLogging.Full);
        int[] sameTcp = [.. SameSet(tcp).Take(SetSize + 2)];
        Assert.Equal(
            sameTcp.Length, Run(tcp, 1, sameTcp.Select(number => From(tcp, number, TcpFlags.Syn))).Count);
    }

    private static IPEndPoint Client(Scene scene, int number)
    {
        IPEndPoint client = scene.Delivery.Client();
        byte[] address = client.Address.GetAddressBytes();
        address[^1] = (byte)(1 + (number >> 15));
        return new IPEndPoint(new IPAddress(address), 1024 + (number & 0x7fff));
    }

    private static Packet From(Scene scene, int number, TcpFlags flags) =>
        Packet.Tcp(Client(scene, number), scene.Delivery.Vip(), flags);

    private static Packet Datagram(Scene scene, int number) =>
        Packet.Udp(Client(scene, number), scene.Delivery.Vip()).Payload(11);

    /// <summary>The rule of docs/datapath.md.</summary>
    private static bool IsSampled(Flow flow, uint oneIn) =>
        (ulong)unchecked(FlowHashModel.Of(flow, Scene.Seed) * 0x9e3779b1u) * oneIn >> 32 == 0;

    /// <summary>Numbers of clients whose flows share a set with the first one's.</summary>
    private static IEnumerable<int> SameSet(Scene scene)
    {
        ulong wanted = SetOf(scene.FlowOf(Client(scene, 0)));
        return Enumerable.Range(0, int.MaxValue).Where(number => SetOf(scene.FlowOf(Client(scene, number))) == wanted);
    }

    /// <summary>The highest 14 bits of the flow log's own hash: addresses of 16 bytes, no seed.</summary>
    private static ulong SetOf(Flow flow)
    {
        Span<byte> words = stackalloc byte[40];
        flow.Source.TryWriteBytes(words, out _);
        flow.Vip.TryWriteBytes(words[16..], out _);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(words[32..], flow.SourcePort);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(words[34..], flow.VipPort);
        words[36] = (byte)flow.Protocol;
        ulong hash = 0;
        foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(words))
        {
            ulong product = unchecked((hash ^ word) * 0x9e3779b97f4a7c15ul);
            hash = product ^ (product >> 32);
        }

        return hash >> 50;
    }

    private Scene Logged(Scene scene, FlowLogging logging)
    {
        _bed.Run(_bed.Kernel.Log.Forget);
        scene.World.Tables[Scene.TableIndex] = [.. Enumerable.Repeat(new Slot(1), Slots)];
        return scene.With(service => service with { Logging = logging, Slots = Slots });
    }

    private FlowLogCounts Counts()
    {
        FlowLogCounts counts = default;
        _bed.Run(() => counts = _bed.Kernel.Log.Counts);
        return counts;
    }

    /// <summary>Sends packets, each of which must leave the node, and takes the events out.</summary>
    private List<FlowEvent> Run(Scene scene, int oneIn, IEnumerable<Packet> packets)
    {
        List<FlowEvent> events = [];
        _bed.Run(() =>
        {
            _bed.Kernel.Apply(scene.World);
            _bed.Kernel.Datapath.WriteLogSample(oneIn);
            foreach (Packet packet in packets)
            {
                Assert.Equal(XdpAction.Redirect, _bed.Kernel.Run(packet.ToBytes(), scene.World.Ingress).Action);
            }

            events = _bed.Kernel.Log.Read();
        });
        return events;
    }
}
