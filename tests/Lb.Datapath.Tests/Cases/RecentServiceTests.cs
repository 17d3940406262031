using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>A CPU keeps the services that it had packets for, and still sees every change with the next packet.</summary>
public sealed class RecentServiceTests(Testbed bed) : DatapathTest(bed)
{
    /// <summary>With as many destinations of no service, and 2,048 cells, some hundred share a cell.</summary>
    private const int Services = 500;

    private const int FirstPort = 10_000;

    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Ways))]
    public void Change_of_a_service_counts_from_the_next_packet_on(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1)).Send(scene.Packet(), e => e.Forwarded(to: 1));

        scene.World.Tables[Scene.TableIndex + 1] = [new Slot(2)];
        scene.With(s => s with { Table = Scene.TableIndex + 1 })
            .Send(scene.Packet(), e => e.Forwarded(to: 2))
            .With(s => s with { Table = Scene.TableIndex })
            .Send(scene.Packet(), e => e.Forwarded(to: 1))
            .Slot(current: 3)
            .Send(scene.Packet(), e => e.Forwarded(to: 3));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Service_that_is_removed_and_comes_back_is_seen_by_the_next_packet(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        ServiceEntry service = scene.Service;
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
        for (int i = 0; i < 3; i++)
        {
            scene.World.Services.Remove(scene.Vip);
            scene.Send(scene.Packet(), e => e.NotOurs()).Send(scene.Packet(), e => e.NotOurs());
            scene.World.Services[scene.Vip] = service;
            scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Destinations_that_share_a_cell_are_told_apart(Delivery way) => _bed.Run(() =>
    {
        using LoadedDatapath datapath = new DatapathSpec(new MapSizes { Services = Services, Backends = 64 }, 0).Load();
        Scene scene = Udp(way);
        foreach ((uint index, BackendEntry backend) in scene.World.Backends)
        {
            datapath.WriteBackend(index, backend);
        }

        for (uint i = 0; i < Services; i++)
        {
            datapath.SwapTable(i, [new Slot((i % 3) + 1)]);
            datapath.WriteService(
                new Endpoint(way.Vip().Address, (ushort)(FirstPort + i), TransportProtocol.Udp), scene.Service with { Id = i, Table = i });
        }

        var random = new Random(7);
        var sent = new ulong[4];
        for (int i = 0; i < 20 * Services; i++)
        {
            int n = random.Next(2 * Services);
            byte[] frame = Packet.Udp(way.Client(), new IPEndPoint(way.Vip().Address, FirstPort + n)).ToBytes();
            XdpAction action = datapath.Program.Run(frame, ingressInterface: scene.World.Ingress).Action;
            Assert.True(
                n < Services == (action != XdpAction.Pass),
                $"port {FirstPort + n} of {Services} services got {action}, seed 7, packet {i}");
            sent[n < Services ? (n % 3) + 1 : 0]++;
        }

        Assert.Equal(sent[1..], Enumerable.Range(1, 3).Select(b => datapath.ReadBackendTraffic((uint)b).Forwarded.Packets));
    });
}
