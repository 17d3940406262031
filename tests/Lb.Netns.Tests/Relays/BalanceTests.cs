using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Which backend new connections get, by the rule that the service has.</summary>
public sealed class BalanceTests
{
    [RootTheory]
    [InlineData("tproxy-v4", "least-connections")]
    [InlineData("tproxy-v6", "least-connections")]
    [InlineData("tproxy-v4", "two-choices")]
    public void Open_connections_are_as_the_weights_say(string name, string balance)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2).With($"balance = {balance}").ChangeAll(
            service => service.Change("b2", b => b with { Weight = 300 }));
        Lbd lbd = Lbd.Start(topology, site);

        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 40);

        // Two loops may look at the same moment; the table has weights to about one in a hundred.
        Assert.InRange(load.ByBackend["b1"], 9, 11);
        Assert.Equal(40, lbd.Relay().Counts.Open);
    }

    [RootFact]
    public void Least_connections_give_a_backend_that_has_lost_its_own_the_next_ones()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("tproxy-v4");
        SiteSpec site = route.TcpSite(topology, backends: 2).With("balance = least-connections");
        SiteSpec without = site.ChangeAll(service => service.Change("b1", b => b with { Admin = "drain" }));
        Lbd lbd = Lbd.Start(topology, without);
        using var first = LongLivedConnections.Open(topology.Client, route.EndPoint, 10);
        Assert.Equal("b2 10", first.Shares());

        lbd.Reload(site);
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, route.EndPoint) == "b1", "b1 is used again");
        using var second = LongLivedConnections.Open(topology.Client, route.EndPoint, 10);

        Assert.Equal("b1 10", second.Shares());
    }

    [RootFact]
    public void Peak_ewma_leaves_a_slow_backend_nearly_alone()
    {
        using Topology topology = Topology.WithBackends(2);
        Route route = Route.Of("tproxy-v4");
        topology.Own(FaultyServer.Start(topology.Backends[0], Fault.Slow));
        topology.Own(EchoServer.Start(topology.Backends[1]));
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2).With("balance = peak-ewma"));

        IReadOnlyDictionary<string, int> spread = Ask.Spread(topology.Client, route.EndPoint, 60);

        Assert.InRange(spread.GetValueOrDefault("b1"), 0, 5);
        Assert.InRange(lbd.Backend("b2").Relay!.Connections, 55, 60);
    }

    [RootFact]
    public void Rule_changes_at_run_time_and_is_in_the_written_config()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2));

        (int exitCode, string output, string error) = lbd.Pbm(
            "service", "set", $"{route.Name}-tcp", "relay.balance=least-connections", "relay.outlier.failures=4");
        Assert.True(exitCode == 0, output + error);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 20);

        Assert.InRange(load.ByBackend["b1"], 9, 11);
        string config = lbd.Pbm("config", "show").Output;
        Assert.Contains("balance = least-connections", config, StringComparison.Ordinal);
        Assert.Contains("failures = 4", config, StringComparison.Ordinal);
    }
}
