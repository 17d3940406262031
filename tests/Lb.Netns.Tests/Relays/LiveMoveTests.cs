using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>A live service moves to a relay and back, under old connections and a stream of new ones.</summary>
public sealed class LiveMoveTests
{
    private const int Count = 60;

    public static TheoryData<string, string> Ways => new()
    {
        { "nat-v4", "tproxy" },
        { "nat-v6", "tproxy" },
        { "nat-v4", "tc" },
        { "nat-v6", "tc" },
        { "nat-v4", "sk_lookup" },
        { "nat-v6", "sk_lookup" },
        { "dsr-v4", "tc" },
        { "dsr-v6", "tproxy" },
    };

    [RootTheory]
    [MemberData(nameof(Ways))]
    public void Nothing_is_lost_on_the_way_to_a_relay_and_back(string name, string interception)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.OwnVips(interception);
        Route route = Route.Of(name);
        SiteSpec kernel = route.TcpSite(topology, backends: 2).With($"interception = {interception}");
        SiteSpec relayed = kernel.ChangeAll(service => service with { Mode = "tproxy" });
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd lbd = Lbd.Start(topology, kernel);
        using var fresh = NewConnections.Start(topology.Client, route.EndPoint);
        using var first = LongLivedConnections.Open(topology.Client, route.EndPoint, Count);

        lbd.Reload(relayed);
        lbd.WaitFor(() => Service(lbd).Relay?.Counts.Connections > Count, "new connections have the relay");
        first.ExchangeOnAll();
        using var second = LongLivedConnections.Open(topology.Client, route.EndPoint, Count);
        Assert.InRange(Service(lbd).Relay!.Counts.Open, Count, Count + 10);
        Assert.Equal(route.Mode, Service(lbd).OlderMode);

        lbd.Reload(kernel);
        lbd.WaitFor(() => Service(lbd) is { OlderMode: "tproxy", InKernel: true }, "new connections go by the kernel");
        long carried = Service(lbd).Relay!.Counts.Connections;
        using var third = LongLivedConnections.Open(topology.Client, route.EndPoint, Count);
        fresh.WaitForMore(200);
        first.ExchangeOnAll();
        second.ExchangeOnAll();
        third.ExchangeOnAll();

        Assert.Empty((string[])[.. first.Broken, .. second.Broken, .. third.Broken]);
        Assert.Empty(fresh.Failures);
        Assert.InRange(Service(lbd).Relay!.Counts.Connections, carried, carried + 50);
        second.Dispose();
        lbd.WaitFor(() => Service(lbd) is { OlderMode: null, Relay: null, InKernel: true }, "the relay has ended");
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
        first.ExchangeOnAll();
        third.ExchangeOnAll();
        Assert.Empty((string[])[.. first.Broken, .. third.Broken, .. fresh.Failures]);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Kernel_path_goes_once_its_last_flow_has_ended(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec kernel = route.TcpSite(topology, backends: 2).ChangeAll(s => s with { FlowMemory = "2s" })
            with
        { SweepInterval = "500ms" };
        Lbd lbd = Lbd.Start(topology, kernel);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Count);
        lbd.Reload(kernel.ChangeAll(service => service with { Mode = "tproxy" }));
        lbd.WaitFor(() => Service(lbd) is { OlderMode: "nat", InKernel: true }, "the service has moved");
        using var fresh = NewConnections.Start(topology.Client, route.EndPoint);

        // Longer than the flow memory, which counts from a flow's last packet.
        for (int i = 0; i < 8; i++)
        {
            load.ExchangeOnAll();
        }

        Assert.Empty(load.Broken);
        Assert.Equal("nat", Service(lbd).OlderMode);
        load.Dispose();
        lbd.WaitFor(() => Service(lbd) is { OlderMode: null, InKernel: true }, "the kernel path has gone");
        fresh.WaitForMore(50);
        Assert.Empty(fresh.Failures);
    }

    [RootFact]
    public void Drain_timeout_ends_a_relay_that_keeps_connections()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        SiteSpec kernel = route.TcpSite(topology, backends: 1).With("drain-timeout = 3s");
        Lbd lbd = Lbd.Start(topology, kernel.ChangeAll(service => service with { Mode = "tproxy" }));
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Count);

        lbd.Reload(kernel);

        lbd.WaitForLog($"{Count} of them cut by relay.drain-timeout");
        lbd.WaitFor(() => load.Broken.Count == Count, "the connections have ended");
    }

    [RootFact]
    public void Service_goes_on_as_it_was_while_its_relay_cannot_listen()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        SiteSpec kernel = route.TcpSite(topology, backends: 1);
        Lbd lbd = Lbd.Start(topology, kernel);
        using System.Diagnostics.Process squatter = topology.Lb.Start("socat", "TCP-LISTEN:80,fork", "PIPE");
        Wait.Until(
            () => topology.Lb.Run("ss", "-ltnH").Contains(":80 ", StringComparison.Ordinal), "socat listens");
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Count);
        using var fresh = NewConnections.Start(topology.Client, route.EndPoint);

        lbd.ReloadText(kernel.ChangeAll(service => service with { Mode = "tproxy" }).ToHocon());
        lbd.WaitForLog("its relay cannot listen", "EADDRINUSE");
        fresh.WaitForMore(50);
        Assert.Null(Service(lbd).OlderMode);
        squatter.Kill();
        squatter.WaitForExit();

        lbd.WaitFor(() => Service(lbd) is { OlderMode: "nat", InKernel: true }, "the service has moved");
        fresh.WaitForMore(50);
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        Assert.Empty(fresh.Failures);
    }

    private static ServiceAnswer Service(Lbd lbd) => lbd.Api.Services().Services[0];
}
