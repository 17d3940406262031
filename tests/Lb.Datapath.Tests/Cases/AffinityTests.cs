using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>All flows of a client go to one backend.</summary>
public class AffinityTests(Testbed bed) : DatapathTest(bed)
{
    private const int Slots = 101;

    [RootTheory, MemberData(nameof(Ways))]
    public void Ports_of_a_client_do_not_matter(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Spread(way, protocol, way.HasV6Vip() ? 128 : 32);
        uint backend = BackendOf(scene, way.Client());
        for (int port = 1025; port < 1125; port++)
        {
            Packet packet = scene.Packet().ComingFrom(new IPEndPoint(way.Client().Address, port));
            Flow flow = scene.FlowOf(new IPEndPoint(way.Client().Address, port));
            scene.Send(packet, e => e.Forwarded(to: backend, scene.Delivered(packet, backend, flow).ToBytes()));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Addresses_of_one_prefix_are_one_client_and_those_of_others_are_spread(Delivery way)
    {
        Scene scene = Spread(way, TransportProtocol.Tcp, way.HasV6Vip() ? 64 : 24);
        Assert.Single(Enumerable.Range(1, 200).Select(n => BackendOf(scene, Neighbour(way, n))).Distinct());
        int[] counts = [.. Enumerable.Range(1, 200).Select(n => BackendOf(scene, Elsewhere(way, n))).CountBy(b => b).Select(p => p.Value)];
        Assert.Equal(3, counts.Length);
        // A third each; five standard deviations of a fair choice are 33.
        Assert.All(counts, count => Assert.InRange(count, 67 - 33, 67 + 33));

        Packet near = scene.Packet().ComingFrom(Neighbour(way, 99));
        uint backend = BackendOf(scene, Neighbour(way, 1));
        scene.Send(near, e => e.Forwarded(to: backend));
        for (int n = 1; n <= 20; n++)
        {
            Packet far = scene.Packet().ComingFrom(Elsewhere(way, n));
            scene.Send(far, e => e.Forwarded(to: BackendOf(scene, Elsewhere(way, n))));
        }
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Flow_on_a_moved_slot_is_remembered_by_its_five_tuple(Delivery way)
    {
        Scene scene = Tcp(way).With(s => s with { AffinityPrefix = 16 }).Slot(current: 2, previous: 1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    /// <summary>A table of many slots for three backends.</summary>
    private Scene Spread(Delivery way, TransportProtocol protocol, int prefix)
    {
        Scene scene = Of(way, protocol).With(s => s with { Slots = Slots, AffinityPrefix = prefix });
        scene.World.Tables[Scene.TableIndex] = [.. Enumerable.Range(0, Slots).Select(i => new Slot((uint)(i % 3) + 1))];
        return scene;
    }

    private static uint BackendOf(Scene scene, IPEndPoint client) =>
        (scene.Service.Hashing.Slot(scene.FlowOf(client), Slots) % 3) + 1;

    private static IPEndPoint Neighbour(Delivery way, int n) =>
        new(IPAddress.Parse(way.HasV6Vip() ? $"2001:db8:c::{n:x}" : $"198.51.100.{n}"), 1024 + n);

    private static IPEndPoint Elsewhere(Delivery way, int n) =>
        new(IPAddress.Parse(way.HasV6Vip() ? $"2001:db8:a:{n:x}::1" : $"10.9.{n}.1"), 40_000);
}
