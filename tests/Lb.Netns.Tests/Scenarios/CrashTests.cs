using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>The end of lbd, wanted or not.</summary>
public sealed class CrashTests
{
    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Killed_under_load_the_kernel_forwards_on_and_the_next_start_adopts(string name)
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 3);
        Lbd first = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 500);
        string digest = first.Api.Digests();

        first.Kill();
        load.ExchangeOnAll();
        Assert.Equal(100, Ask.Spread(topology.Client, route.EndPoint, 100).Values.Sum());

        Lbd second = Lbd.Start(topology, site);
        load.ExchangeOnAll();
        Assert.Equal(100, Ask.Spread(topology.Client, route.EndPoint, 100).Values.Sum());
        Assert.Equal(digest, second.Api.Digests());
        Assert.Empty(load.Broken);
    }

    [RootFact]
    public void Flows_of_moved_slots_survive_a_crash_after_a_change()
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of("nat-v4");
        SiteSpec two = route.TcpSite(topology, backends: 2);
        SiteSpec three = route.TcpSite(topology, backends: 3);
        Lbd first = Lbd.Start(topology, two);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 500);
        first.Reload(three);
        first.WaitFor(
            () => Ask.Spread(topology.Client, route.EndPoint, 50).ContainsKey("b3"), "new connections reach b3");
        using var later = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);

        first.Kill();
        Lbd second = Lbd.Start(topology, three);
        load.ExchangeOnAll();
        second.Reload(two);
        load.ExchangeOnAll();
        later.ExchangeOnAll();

        Assert.Empty(load.Broken);
        Assert.Empty(later.Broken);
    }

    [RootFact]
    public void Terminated_it_leaves_the_kernel_clean()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        Assert.True(Pins.Exist(topology.Site), "nothing is pinned while lbd runs");
        Assert.Contains("xdp", topology.Lb.Ip("link show client0"), StringComparison.Ordinal);

        int exitCode = lbd.Stop();

        Assert.True(exitCode == 0, $"lbd ended with {exitCode}:\n{lbd.Story()}");
        Assert.False(Pins.Exist(topology.Site), "pins are left");
        Assert.DoesNotContain("xdp", topology.Lb.Ip("link show"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Cleanup_removes_what_a_killed_one_left()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1);
        Lbd lbd = Lbd.Start(topology, site);
        lbd.Kill();
        Assert.True(Pins.Exist(topology.Site), "a killed lbd left nothing");

        Assert.Equal(0, Lbd.Run(topology, site.ToHocon(), "--cleanup").ExitCode);

        Assert.False(Pins.Exist(topology.Site), "pins are left");
        Assert.DoesNotContain("xdp", topology.Lb.Ip("link show"), StringComparison.Ordinal);
    }
}
