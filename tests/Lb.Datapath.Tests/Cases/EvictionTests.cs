using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Tables of flows that are too small for what comes: what the kernel gives up is counted.</summary>
public sealed class EvictionTests(Testbed bed) : DatapathTest(bed)
{
    private const int Flows = 30_000;

    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Families))]
    public void Flows_that_had_to_make_room_are_counted(Delivery way) => _bed.Run(() =>
    {
        using var kernel = new KernelMirror();
        Scene scene = Udp(way, Tracking.Full).Slot(current: 1);
        Open(kernel, scene);
        FlowTableUse empty = Use(kernel, way, pending: false);
        Assert.Equal((0, 0), (empty.Entries, empty.Evicted));
        for (int port = 1; port <= Flows; port++)
        {
            Send(kernel, scene, Packets.Packet.Udp(Client(way, port), way.Vip()));
        }

        FlowTableUse full = Use(kernel, way, pending: false);
        Assert.InRange(full.Entries, full.Room / 2, full.Room);
        Assert.Equal(Flows, full.Entries + full.Evicted);

        // Flows that are forgotten on purpose are not among them, nor those of which more comes.
        Flow[] known = [.. kernel.Datapath.ReadFlows().Select(flow => flow.Flow)];
        Assert.Equal(100, kernel.Datapath.DeleteFlows(known[..100]));
        Send(kernel, scene, Packets.Packet.Udp(Client(way, known[100].SourcePort), way.Vip()));
        Assert.Equal(full with { Entries = full.Entries - 100 }, Use(kernel, way, pending: false));
    });

    [RootTheory, MemberData(nameof(Families))]
    public void Half_open_flows_that_go_on_are_not_counted_and_those_of_a_flood_are(Delivery way) => _bed.Run(() =>
    {
        using var kernel = new KernelMirror();
        Scene scene = Tcp(way).Slot(current: 2, previous: 1);
        Open(kernel, scene);
        Assert.Equal(0, Use(kernel, way, pending: true).Evicted);
        for (int port = 1; port <= 1000; port++)
        {
            Send(kernel, scene, Packets.Packet.Syn(Client(way, port), way.Vip()));
            Send(kernel, scene, Packets.Packet.Tcp(Client(way, port), way.Vip()));
        }

        Assert.Equal(1000, Use(kernel, way, pending: false).Entries);
        FlowTableUse none = Use(kernel, way, pending: true);
        Assert.Equal((0, 0), (none.Entries, none.Evicted));
        for (int port = 1001; port <= 1000 + Flows; port++)
        {
            Send(kernel, scene, Packets.Packet.Syn(Client(way, port), way.Vip()));
        }

        FlowTableUse flooded = Use(kernel, way, pending: true);
        Assert.Equal(Flows, flooded.Entries + flooded.Evicted);
        Assert.Equal(0, Use(kernel, way, pending: false).Evicted);
    });

    private static void Open(KernelMirror kernel, Scene scene)
    {
        kernel.Apply(scene.World);
        kernel.Datapath.CountFlows();
    }

    private static IPEndPoint Client(Delivery way, int port) => new(way.Client().Address, port);

    private static void Send(KernelMirror kernel, Scene scene, Packets.Packet packet) =>
        Assert.NotEqual(XdpAction.Drop, kernel.Run(packet.ToBytes(), scene.World.Ingress).Action);

    private static FlowTableUse Use(KernelMirror kernel, Delivery way, bool pending) => kernel.Datapath.CountFlows()
        .Single(use => use.Pending == pending && use.Family == way.Vip().AddressFamily);
}
