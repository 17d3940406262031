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
        FlowTableUse empty = Use(kernel, way, FlowTableKind.Established);
        Assert.Equal((0, 0), (empty.Entries, empty.Evicted));
        for (int port = 1; port <= Flows; port++)
        {
            Send(kernel, scene, Packets.Packet.Udp(Client(way, port), way.Vip()));
        }

        FlowTableUse full = Use(kernel, way, FlowTableKind.Established);
        Assert.InRange(full.Entries, full.Room / 2, full.Room);
        Assert.Equal(Flows, full.Entries + full.Evicted);

        // Flows that are forgotten on purpose are not among them, nor those of which more comes.
        Flow[] known = [.. kernel.Datapath.ReadFlows().Select(flow => flow.Flow)];
        Assert.Equal(100, kernel.Datapath.DeleteFlows(known[..100]));
        Send(kernel, scene, Packets.Packet.Udp(Client(way, known[100].SourcePort), way.Vip()));
        Assert.Equal(full with { Entries = full.Entries - 100 }, Use(kernel, way, FlowTableKind.Established));
    });

    [RootTheory, MemberData(nameof(Families))]
    public void Half_open_flows_that_go_on_are_not_counted_and_those_of_a_flood_are(Delivery way) => _bed.Run(() =>
    {
        using var kernel = new KernelMirror();
        Scene scene = Tcp(way).Slot(current: 2, previous: 1);
        Open(kernel, scene);
        Assert.Equal(0, Use(kernel, way, FlowTableKind.Pending).Evicted);
        for (int port = 1; port <= 1000; port++)
        {
            Send(kernel, scene, Packets.Packet.Syn(Client(way, port), way.Vip()));
            Send(kernel, scene, Packets.Packet.Tcp(Client(way, port), way.Vip()));
        }

        Assert.Equal(1000, Use(kernel, way, FlowTableKind.Established).Entries);
        FlowTableUse none = Use(kernel, way, FlowTableKind.Pending);
        Assert.Equal((0, 0), (none.Entries, none.Evicted));
        for (int port = 1001; port <= 1000 + Flows; port++)
        {
            Send(kernel, scene, Packets.Packet.Syn(Client(way, port), way.Vip()));
        }

        FlowTableUse flooded = Use(kernel, way, FlowTableKind.Pending);
        Assert.Equal(Flows, flooded.Entries + flooded.Evicted);
        Assert.Equal(0, Use(kernel, way, FlowTableKind.Established).Evicted);
    });

    [RootTheory, MemberData(nameof(Families))]
    public void Clients_that_had_to_make_room_are_counted(Delivery way) => _bed.Run(() =>
    {
        using var kernel = new KernelMirror();
        Scene scene = Udp(way, Tracking.Full).Slot(current: 1).Sticky();
        Open(kernel, scene);
        Assert.Equal(0, Use(kernel, way, FlowTableKind.Clients).Entries);
        for (int net = 1; net <= Flows; net++)
        {
            string client = way.HasV6Vip() ? $"2001:db8:{net:x}::1" : $"10.{net >> 8}.{net & 255}.1";
            Send(kernel, scene, Packets.Packet.Udp(new IPEndPoint(IPAddress.Parse(client), 4000), way.Vip()));
        }

        FlowTableUse full = Use(kernel, way, FlowTableKind.Clients);
        Assert.InRange(full.Entries, full.Room / 2, full.Room);
        Assert.Equal(Flows, full.Entries + full.Evicted);
    });

    private static void Open(KernelMirror kernel, Scene scene)
    {
        kernel.Apply(scene.World);
        kernel.Datapath.CountFlows();
    }

    private static IPEndPoint Client(Delivery way, int port) => new(way.Client().Address, port);

    private static void Send(KernelMirror kernel, Scene scene, Packets.Packet packet) =>
        Assert.NotEqual(XdpAction.Drop, kernel.Run(packet.ToBytes(), scene.World.Ingress).Action);

    private static FlowTableUse Use(KernelMirror kernel, Delivery way, FlowTableKind kind) => kernel.Datapath.CountFlows()
        .Single(use => use.Kind == kind && use.Family == way.Vip().AddressFamily);
}
