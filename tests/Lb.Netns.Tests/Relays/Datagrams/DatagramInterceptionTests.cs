using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>What UDP relays write on the host, and that all of it goes.</summary>
public sealed class DatagramInterceptionTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");
    private static readonly Route V6 = Route.Of("tproxy-v6");

    [RootFact]
    public void Terminated_it_leaves_the_host_as_it_was()
    {
        using Topology topology = Topology.WithEchoServers(1);
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd lbd = Lbd.Start(topology, Both(topology));
        AssertServes(topology);
        Assert.NotEqual(before, RelayBed.Plumbing(topology.Lb));

        Assert.Equal(0, lbd.Stop());

        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootFact]
    public void Start_after_a_kill_serves_and_ends_clean()
    {
        using Topology topology = Topology.WithEchoServers(1);
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd.Start(topology, Both(topology)).Kill();
        Assert.NotEqual(before, RelayBed.Plumbing(topology.Lb));

        Lbd second = Lbd.Start(topology, Both(topology));
        AssertServes(topology);
        Assert.Equal(0, second.Stop());

        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootFact]
    public void Cleanup_after_a_kill_removes_everything()
    {
        using Topology topology = Topology.WithEchoServers(1);
        string before = RelayBed.Plumbing(topology.Lb);
        SiteSpec site = Both(topology);
        Lbd.Start(topology, site).Kill();

        (int exitCode, string output, string error) = Lbd.Run(topology, site.ToHocon(), "--cleanup");

        Assert.True(exitCode == 0, output + error);
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
        Assert.False(Pins.Exist(topology.Site), "pins are left");
    }

    [RootFact]
    public void Tcp_and_udp_of_one_port_are_relayed_beside_each_other_and_come_and_go_alone()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec udp = V4.UdpSite(topology, backends: 1);
        SiteSpec both = udp.Add(V4.Service("tcp", topology.Backends));
        Lbd lbd = Lbd.Start(topology, both);
        Assert.NotNull(Ask.TryTcp(topology.Client, V4.EndPoint));
        Assert.Equal("b1", Ask.Udp(topology.Client, V4.EndPoint).Greeting.Backend);

        lbd.Reload(udp);
        Assert.Null(Ask.TryTcp(topology.Client, V4.EndPoint));
        Assert.Equal("b1", Ask.Udp(topology.Client, V4.EndPoint).Greeting.Backend);

        lbd.Reload(V4.TcpSite(topology, backends: 1));
        lbd.WaitFor(
            () => !topology.Lb.Run("ss", "-aunH").Contains($"{V4.Vip}", StringComparison.Ordinal), "no UDP socket is left");
        Assert.NotNull(Ask.TryTcp(topology.Client, V4.EndPoint));

        lbd.Reload(both);
        Assert.Equal("b1", Ask.Udp(topology.Client, V4.EndPoint).Greeting.Backend);
    }

    [RootFact]
    public void Service_of_a_port_that_is_taken_says_so_and_serves_once_it_is_free()
    {
        using Topology topology = Topology.WithEchoServers(1);
        using System.Diagnostics.Process squatter = topology.Lb.Start("socat", "UDP-RECVFROM:80,fork", "PIPE");
        Wait.Until(
            () => topology.Lb.Run("ss", "-lunH").Contains(":80 ", StringComparison.Ordinal), "socat listens");
        var lbd = Lbd.Launch(topology, V4.UdpSite(topology, backends: 1));
        lbd.WaitForLog("its relay cannot listen", "EADDRINUSE", "ss -lunp");

        squatter.Kill();
        squatter.WaitForExit();

        lbd.WaitForLog("its relay listens");
        lbd.WaitFor(lbd.Serves, "the service is in force");
        Assert.Equal("b1", Ask.Udp(topology.Client, V4.EndPoint).Greeting.Backend);
    }

    private static SiteSpec Both(Topology topology) => new SiteSpec(topology.Site)
        .Add(V4.Service("udp", topology.Backends))
        .Add(V6.Service("udp", topology.Backends));

    private static void AssertServes(Topology topology)
    {
        Assert.Equal("b1", Ask.Udp(topology.Client, V4.EndPoint).Greeting.Backend);
        Assert.Equal("b1", Ask.Udp(topology.Client, V6.EndPoint).Greeting.Backend);
    }
}
