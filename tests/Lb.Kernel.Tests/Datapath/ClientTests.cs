using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

/// <summary>Clients that keep their backend, as other nodes tell of their flows.</summary>
[Collection(KernelCollection.Name)]
public sealed class ClientTests : LoadedDatapathFixture
{
    private const uint Timeout = 56;

    private static readonly ServiceEntry s_service = Samples.Service with { AffinityPrefix = 24, AffinityTicks = Timeout };

    [RootFact]
    public void Client_of_another_nodes_flow_keeps_its_backend_here_too()
    {
        Datapath.WriteService(Samples.Vip4, s_service);
        Datapath.WriteService(Samples.Vip6, s_service with { Id = 8, AffinityPrefix = 64 });
        Tell(Flow("203.0.113.7"), backend: 1, TimeSpan.Zero);
        Datapath.WriteFlows([Copy(new Flow(IPAddress.Parse("2001:db8:c::7"), 5, Samples.Vip6.Address, 53, TransportProtocol.Udp), 8, 2, TimeSpan.Zero)]);

        Assert.Equal(
            [(7u, "203.0.113.0", 1u), (8u, "2001:db8:c::", 2u)],
            Datapath.ReadClients().Select(client => (client.Service, $"{client.Client}", client.Backend)).Order());
        Assert.Equal(1u, Datapath.TraceFlow(Flow("203.0.113.99")).Client?.Backend);
        Assert.Null(Datapath.TraceFlow(Flow("203.0.114.99")).Client);
    }

    [RootFact]
    public void Client_that_keeps_another_backend_stays_there_until_its_time_is_over()
    {
        Datapath.WriteService(Samples.Vip4, s_service);
        Tell(Flow("203.0.113.7"), backend: 1, TimeSpan.FromSeconds(10));
        Tell(Flow("203.0.113.8"), backend: 2, TimeSpan.Zero);
        Assert.Equal(1u, Datapath.ReadClients().Single().Backend);

        // One that is more recent counts, an older one does not.
        Tell(Flow("203.0.113.9"), backend: 1, TimeSpan.FromSeconds(20));
        Assert.InRange(Datapath.ReadClients().Single().Idle, 9u, 15u);
        Tell(Flow("203.0.113.10"), backend: 1, TimeSpan.Zero);
        Assert.InRange(Datapath.ReadClients().Single().Idle, 0u, 5u);

        Datapath.WriteService(Samples.Vip4, s_service with { AffinityTicks = 600 });
        Tell(Flow("203.0.114.1"), backend: 1, TimeSpan.FromMinutes(10));
        Datapath.WriteService(Samples.Vip4, s_service);
        Tell(Flow("203.0.114.2"), backend: 2, TimeSpan.FromSeconds(5));
        Assert.Equal(2u, Datapath.TraceFlow(Flow("203.0.114.3")).Client!.Value.Backend);
        Tell(Flow("203.0.115.1"), backend: 2, TimeSpan.FromMinutes(5));
        Assert.Null(Datapath.TraceFlow(Flow("203.0.115.1")).Client);
    }

    [RootFact]
    public void Service_without_a_timeout_has_no_clients()
    {
        Datapath.WriteService(Samples.Vip4, s_service with { AffinityTicks = 0 });
        Tell(Flow("203.0.113.7"), backend: 1, TimeSpan.Zero);
        Assert.Empty(Datapath.ReadClients());
    }

    [RootFact]
    public void Deleted_clients_are_counted_and_no_evictions()
    {
        Datapath.WriteService(Samples.Vip4, s_service);
        Assert.Equal((0, 0), Use());
        for (int net = 1; net <= 3; net++)
        {
            Tell(Flow($"203.0.{net}.7"), backend: 1, TimeSpan.Zero);
        }

        Assert.Equal((3, 0), Use());
        IReadOnlyList<KeptClient> clients = Datapath.ReadClients();
        Assert.Equal(2, Datapath.DeleteClients([clients[0], clients[1], clients[0]]));
        Assert.Equal((1, 0), Use());

        (long Entries, long Evicted) Use() => Datapath.CountFlows()
            .Where(use => use is { Kind: FlowTableKind.Clients, Family: AddressFamily.InterNetwork })
            .Select(use => (use.Entries, use.Evicted))
            .Single();
    }

    private void Tell(Flow flow, uint backend, TimeSpan idle) => Datapath.WriteFlows([Copy(flow, s_service.Id, backend, idle)]);

    private static FlowCopy Copy(Flow flow, uint service, uint backend, TimeSpan idle) => new(flow, service, backend, 0, idle, false);

    private static Flow Flow(string client) =>
        new(IPAddress.Parse(client), 4000, Samples.Vip4.Address, 80, TransportProtocol.Tcp);
}
