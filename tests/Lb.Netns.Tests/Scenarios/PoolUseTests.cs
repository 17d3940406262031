using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Too few backends are up, or none but a last resort.</summary>
public sealed class PoolUseTests
{
    [RootFact]
    public void Panic_then_a_last_resort_then_all_as_usual()
    {
        using Topology topology = Topology.WithBackends(3);
        List<EchoServer> servers = [.. topology.Backends.Select(b => topology.Own(EchoServer.Start(b)))];
        Route route = Route.Of("nat-v6");
        SiteSpec site = route.TcpSite(topology, backends: 3) with { Fall = 2 };
        ServiceSpec service = site.Services[0];
        Lbd lbd = Lbd.Launch(topology, site.Change(service.Name, s => s.Change("b3", b => b with { Keys = "backup = true" })
            with
        { Keys = "panic-threshold = 60%" }));
        lbd.WaitFor(() => Used(lbd) is ["b1", "b2"], "the last resort has no slot");
        Assert.Equal(["b1", "b2"], Ask.Spread(topology.Client, route.EndPoint, 40).Keys.Order());

        servers[1].Dispose();
        lbd.WaitFor(() => Pool(lbd) == "panic", "half of the weight is less than 60 %");
        Assert.Equal(["b1", "b2"], Used(lbd));
        Assert.Equal("down", lbd.Api.StateOf("b2"));
        Assert.Equal(1, lbd.Api.Metrics()[$"lb_service_panic{{service=\"{service.Name}\"}}"]);
        Assert.Contains(lbd.Api.Doctor().Findings, finding => finding.Code == "pool-panic");
        lbd.WaitForLog(service.Name, "panic-threshold");
        string?[] asked = [.. Enumerable.Range(0, 20).Select(_ => Ask.TryTcp(topology.Client, route.EndPoint))];
        Assert.Equal(["b1"], asked.OfType<string>().Distinct());
        Assert.True(asked.Contains(null), "the backend that is down got no new connection");

        servers[0].Dispose();
        lbd.WaitFor(() => Pool(lbd) == "backups", "nobody else is up");
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, route.EndPoint) == "b3", "the last resort answers");
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 20);
        Assert.Equal(["b3"], load.ByBackend.Keys);

        topology.Own(EchoServer.Start(topology.Backends[0]));
        topology.Own(EchoServer.Start(topology.Backends[1]));
        lbd.WaitFor(() => Used(lbd) is ["b1", "b2"] && Pool(lbd) == "usual", "all is as usual");
        lbd.WaitFor(
            () => Ask.Spread(topology.Client, route.EndPoint, 40).Keys.Order().SequenceEqual(["b1", "b2"]), "new connections leave the last resort");
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
    }

    private static string[] Used(Lbd lbd) =>
        lbd.Api.TryServices() is { Services: [{ InKernel: true } service] }
            ? [.. service.Backends.Where(b => b.Slots > 0).Select(b => b.Name).Order(StringComparer.Ordinal)]
            : [];

    private static string? Pool(Lbd lbd) => lbd.Api.TryServices() is { Services: [{ InKernel: true } service] } ? service.Pool : null;
}
