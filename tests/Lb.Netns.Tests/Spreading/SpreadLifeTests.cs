using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Spreading;

/// <summary>Spreading begins and ends under load, and outlives lbd.</summary>
public sealed class SpreadLifeTests
{
    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void It_begins_changes_and_ends_without_a_broken_connection(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2).Add(route.Service("udp", topology.Backends));
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        using var datagrams = LiveTraffic.Start(topology.Client, route.EndPoint);
        load.ExchangeOnAll();

        foreach (string cpus in (string[])["all", $"{SpreadBed.Online[^1]}", "none", $"{SpreadBed.Online[0]}"])
        {
            lbd.Reload(site.SpreadOver(cpus));
            Assert.Equal(cpus == "none" ? "lb_xdp" : "lb_spread", topology.ProgramOf("client0"));
            load.ExchangeOnAll();
        }

        SiteSpec longer = site.SpreadOver("all");
        lbd.Reload(longer with { Keys = $"{longer.Keys}\nspread.queue = 512" });
        load.ExchangeOnAll();
        Assert.Contains("queues of 512", lbd.Pbm("kernel", "cpus").Output, StringComparison.Ordinal);
        Assert.Equal(0, lbd.Pbm("kernel", "check").ExitCode);
        Assert.Empty(load.Broken);
        Assert.Equal(0, datagrams.Lost);
    }

    [RootFact]
    public void Killed_under_load_it_goes_on_and_the_next_start_takes_it_over()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        SiteSpec plain = route.TcpSite(topology, backends: 2).Add(route.Service("udp", topology.Backends));
        SiteSpec site = plain.SpreadOver("all");
        Lbd first = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 200);
        using var datagrams = LiveTraffic.Start(topology.Client, route.EndPoint);

        first.Kill();
        load.ExchangeOnAll();
        Assert.Equal("lb_spread", topology.ProgramOf("client0"));

        Lbd second = Lbd.Start(topology, site);
        load.ExchangeOnAll();
        Assert.All(SpreadBed.Online, cpu => Assert.True(second.Handled(cpu) > 0, $"CPU {cpu} has handled nothing"));

        second.HandOver();
        load.ExchangeOnAll();
        Assert.Equal("lb_spread", topology.ProgramOf("client0"));

        second.Kill();
        Lbd third = Lbd.Start(topology, plain);
        load.ExchangeOnAll();
        Assert.Equal("lb_xdp", topology.ProgramOf("client0"));
        Assert.Empty(load.Broken);
        Assert.Equal(0, datagrams.Lost);
        Assert.Equal(0, third.Stop());
    }

    [RootFact]
    public void Stopped_and_cleaned_up_it_leaves_nothing()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1).SpreadOver("all");
        Assert.Equal(0, Lbd.Start(topology, site).Stop());
        Assert.DoesNotContain("xdp", topology.Lb.Ip("link show"), StringComparison.Ordinal);
        Assert.False(Pins.Exist(topology.Site), "pins are left");

        Lbd.Start(topology, site).Kill();
        Assert.Equal(0, Lbd.Run(topology, site.ToHocon(), "--cleanup").ExitCode);
        Assert.DoesNotContain("xdp", topology.Lb.Ip("link show"), StringComparison.Ordinal);
        Assert.False(Pins.Exist(topology.Site), "pins are left");
    }

    [RootFact]
    public void Cpu_that_the_host_has_not_is_refused_and_nothing_changes()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1);
        Lbd lbd = Lbd.Start(topology, site);

        lbd.ReloadText(site.SpreadOver("0,8000").ToHocon());

        lbd.WaitForLog("lb.spread.cpus", "this host has no CPU 8000");
        Assert.Equal("lb_xdp", topology.ProgramOf("client0"));
    }
}
