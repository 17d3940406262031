using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Tc;

/// <summary>Services that come to traffic control and leave it, and the end of lbd meanwhile.</summary>
public sealed class TcLifeTests
{
    private const string Program = "lb_forward";

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    [InlineData("dsr-v4")]
    [InlineData("gue-v6")]
    [InlineData("l2-v4")]
    public void Live_service_moves_there_and_back_without_a_broken_connection(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2).Add(route.Service("udp", topology.Backends))
            with
        { CheckInterval = "10m" };
        Lbd lbd = Lbd.Start(topology, site);
        // While the kernel makes clsact, what the host itself sends by the interface is lost: answers with the dsr modes.
        lbd.Reload(site.AtTc());
        lbd.Reload(site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        using var datagrams = LiveTraffic.Start(topology.Client, route.EndPoint);
        load.ExchangeOnAll();

        for (int i = 0; i < 3; i++)
        {
            lbd.Reload(site.AtTc());
            load.ExchangeOnAll();
            lbd.Reload(site.At("xdp"));
            load.ExchangeOnAll();
        }

        Assert.Empty(load.Broken);
        Assert.Equal(0, datagrams.Lost);
    }

    [RootTheory]
    [InlineData(4)]
    [InlineData(6)]
    public void Live_full_nat_service_moves_there_and_back_without_a_broken_connection(int family)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.OffloadSenders();
        topology.AddSources();
        ServiceSpec service = FullNatBed.Service(
            "tcp", family == 4 ? Addresses.NatVip4 : Addresses.NatVip6, topology.Backends);
        SiteSpec site = new SiteSpec(topology.Site).WithSources().Add(service);
        Lbd lbd = Lbd.Start(topology, site.AtTc());
        using var load = LongLivedConnections.Open(topology.Client, service.EndPoint, 100);
        load.ExchangeOnAll();

        topology.SpareSenders();
        lbd.Reload(site.At("xdp"));
        load.ExchangeOnAll();
        lbd.Reload(site.AtTc());
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Killed_under_load_the_filter_forwards_on_and_the_next_start_takes_it_over(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2).AtTc();
        Lbd first = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 200);
        string before = topology.Filters("client0");

        first.Kill();
        load.ExchangeOnAll();
        Assert.Equal(50, Ask.Spread(topology.Client, route.EndPoint, 50).Values.Sum());
        Lbd.Start(topology, site);
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        Assert.NotEqual(before, topology.Filters("client0"));
        Assert.Contains(Program, topology.Filters("client0"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Filter_is_there_while_a_service_needs_it()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1) with { CheckInterval = "1s" };
        Lbd lbd = Lbd.Start(topology, site);
        Assert.DoesNotContain(Program, topology.Filters("client0"), StringComparison.Ordinal);

        lbd.Reload(site.AtTc());
        Assert.Contains(Program, topology.Filters("client0"), StringComparison.Ordinal);
        Assert.Contains(Program, topology.Filters("backend0"), StringComparison.Ordinal);

        topology.Lb.Run("tc", "filter", "del", "dev", "client0", "ingress");
        lbd.WaitFor(() => topology.Filters("client0").Contains(Program, StringComparison.Ordinal), "the filter is put back");

        lbd.Reload(site.At("xdp"));
        lbd.WaitFor(() => !topology.Filters("client0").Contains(Program, StringComparison.Ordinal), "the filter is removed");
        lbd.WaitFor(
            () => !topology.Lb.Run("tc", "qdisc", "show", "dev", "client0").Contains("clsact", StringComparison.Ordinal),
            "clsact goes with it");
    }

    [RootFact]
    public void Stopped_and_cleaned_up_it_leaves_no_filter()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1).AtTc();
        Assert.Equal(0, Lbd.Start(topology, site).Stop());
        Assert.DoesNotContain(Program, topology.Filters("client0"), StringComparison.Ordinal);

        Lbd.Start(topology, site).Kill();
        Assert.Contains(Program, topology.Filters("client0"), StringComparison.Ordinal);
        Assert.Equal(0, Lbd.Run(topology, site.ToHocon(), "--cleanup").ExitCode);
        Assert.DoesNotContain(Program, topology.Filters("client0"), StringComparison.Ordinal);
    }
}
