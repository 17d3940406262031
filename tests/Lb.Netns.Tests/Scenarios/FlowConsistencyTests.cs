using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>No change of a pool breaks a flow.</summary>
public sealed class FlowConsistencyTests
{
    private const int Connections = 1000;

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    [InlineData("dsr-v4")]
    [InlineData("dsr-v6")]
    public void Connections_survive_add_drain_weight_change_and_reload(string name)
    {
        using Topology topology = Topology.WithEchoServers(4);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 3);
        string service = site.Services[0].Name;
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Connections);
        Assert.Equal(3, load.ByBackend.Count);

        lbd.Reload(site = site.Change(service, s => s.Add(topology.Backends[3], route.OverV6)));
        NewConnectionsReach("b4");
        NothingBroke("b4 was added");

        lbd.Reload(site = site.Change(service, s => s.Change("b2", b => b with { Admin = "drain" })));
        NewConnectionsAvoid("b2");
        NothingBroke("b2 was drained");

        lbd.Reload(site = site.Change(service, s => s.Change("b1", b => b with { Weight = 0 })));
        NewConnectionsAvoid("b1");
        NothingBroke("the weight of b1 became 0");

        lbd.Reload(site = site.Change(service, s => s.Change("b1", b => b with { Weight = 300 })));
        NewConnectionsReach("b1");
        NothingBroke("the weight of b1 was raised");

        lbd.Reload(site);
        NothingBroke("a reload without a change");

        void NothingBroke(string change)
        {
            load.ExchangeOnAll();
            Assert.True(
                load.Broken.Count == 0,
                $"{load.Broken.Count} of {Connections} connections broke when {change}: {string.Join("; ", load.Broken.Take(3))}\n{lbd.Story()}");
        }

        void NewConnectionsReach(string backend) => lbd.WaitFor(
            () => Ask.Spread(topology.Client, route.EndPoint, 50).ContainsKey(backend), $"new connections reach {backend}");

        void NewConnectionsAvoid(string backend) => lbd.WaitFor(
            () => !Ask.Spread(topology.Client, route.EndPoint, 100).ContainsKey(backend), $"new connections avoid {backend}");
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Udp_flows_keep_their_backend_while_one_is_added(string name)
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of(name);
        SiteSpec site = new SiteSpec(topology.Site).Add(route.Service("udp", topology.Backends.Take(2)));
        Lbd lbd = Lbd.Start(topology, site);
        using var flows = UdpFlows.Open(topology.Client, route.EndPoint, 200);
        IReadOnlyList<string> before = flows.AskAll();

        lbd.Reload(site.Change(site.Services[0].Name, s => s.Add(topology.Backends[2], route.OverV6)));

        Assert.Equal(before, flows.AskAll());
    }
}
