using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>
/// nftables, filters, rules and routes of relays: there while they are needed, gone afterwards, and nobody else's.
/// </summary>
public sealed class InterceptionTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");
    private static readonly Route V6 = Route.Of("tproxy-v6");

    public static TheoryData<string> Kinds => RelayBed.Kinds;

    [RootTheory]
    [MemberData(nameof(Kinds))]
    public void Terminated_it_leaves_the_host_as_it_was(string interception)
    {
        using Topology topology = Topology.WithEchoServers(1);
        AddForeign(topology.Lb);
        topology.OwnVips(interception);
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd lbd = Lbd.Start(topology, Both(topology, interception));
        AssertServes(topology, V4);
        AssertServes(topology, V6);
        Assert.NotEqual(before, RelayBed.Plumbing(topology.Lb));

        Assert.Equal(0, lbd.Stop());

        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootFact]
    public void Reload_adds_and_removes_relays()
    {
        using Topology topology = Topology.WithEchoServers(1);
        AddForeign(topology.Lb);
        string before = RelayBed.Plumbing(topology.Lb);
        SiteSpec nat = Route.Of("nat-v4").TcpSite(topology, backends: 1);
        // Another backend: nat would take the replies of one that both have.
        SiteSpec both = nat.Add(V6.Service("tcp", topology.Backends));
        Lbd lbd = Lbd.Start(topology, nat);
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));

        lbd.Reload(both);
        AssertServes(topology, V6);
        AssertServes(topology, Route.Of("nat-v4"));

        lbd.Reload(nat);
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
        AssertServes(topology, Route.Of("nat-v4"));
        Assert.DoesNotContain("203.0.113.40", topology.Lb.Run("ss", "-ltnH"), StringComparison.Ordinal);
    }

    [RootTheory]
    [MemberData(nameof(Kinds))]
    public void Start_after_a_kill_serves_and_ends_clean(string interception)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.OwnVips(interception);
        string before = RelayBed.Plumbing(topology.Lb);
        SiteSpec site = Both(topology, interception);
        Lbd.Start(topology, site).Kill();
        Assert.NotEqual(before, RelayBed.Plumbing(topology.Lb));

        Lbd second = Lbd.Start(topology, site);
        AssertServes(topology, V4);
        AssertServes(topology, V6);
        Assert.Equal(0, second.Stop());

        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootTheory]
    [MemberData(nameof(Kinds))]
    public void Start_after_a_kill_without_the_relays_removes_what_they_left(string interception)
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.OwnVips(interception);
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd.Start(topology, Both(topology, interception)).Kill();

        Lbd.Start(topology, Route.Of("nat-v4").TcpSite(topology, backends: 1));

        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootTheory]
    [MemberData(nameof(Kinds))]
    public void Cleanup_after_a_kill_removes_everything(string interception)
    {
        using Topology topology = Topology.WithEchoServers(1);
        AddForeign(topology.Lb);
        topology.OwnVips(interception);
        string before = RelayBed.Plumbing(topology.Lb);
        SiteSpec site = Both(topology, interception);
        Lbd.Start(topology, site).Kill();

        (int exitCode, string output, string error) = Lbd.Run(topology, site.ToHocon(), "--cleanup");

        Assert.True(exitCode == 0, output + error);
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
        Assert.False(Pins.Exist(topology.Site), "pins are left");
    }

    [RootTheory]
    [InlineData("tproxy", "nft", "delete table inet lb_{0}")]
    [InlineData("tproxy", "ip", "rule del priority 1000")]
    [InlineData("tproxy", "ip", "-6 rule del priority 1000")]
    [InlineData("tc", "tc", "filter del dev client0 ingress")]
    [InlineData("tc", "tc", "qdisc del dev backend0 clsact")]
    [InlineData("tc", "ip", "-6 rule del priority 1000")]
    [InlineData("sk_lookup", "tc", "filter del dev backend0 ingress")]
    [InlineData("sk_lookup", "ip", "-6 rule del priority 1000")]
    [InlineData("sk_lookup", "rm", "/sys/fs/bpf/lb/{0}/netns/lb_lookup")]
    public void Self_check_repairs_what_somebody_removed(string interception, string tool, string arguments)
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.OwnVips(interception);
        Lbd lbd = Lbd.Start(topology, Both(topology, interception) with { CheckInterval = "1s" });
        string whole = RelayBed.Plumbing(topology.Lb);

        topology.Lb.Run(tool, string.Format(null, arguments, topology.Site).Split(' '));

        lbd.WaitFor(() => RelayBed.Plumbing(topology.Lb) == whole, "what was removed is there again");
        AssertServes(topology, V4);
        AssertServes(topology, V6);
        lbd.WaitForLog("no longer go to its relay");
    }

    [RootFact]
    public void Service_of_a_port_that_is_taken_says_so_and_serves_once_it_is_free()
    {
        using Topology topology = Topology.WithEchoServers(1);
        using System.Diagnostics.Process squatter = topology.Lb.Start("socat", "TCP-LISTEN:80,fork", "PIPE");
        Wait.Until(
            () => topology.Lb.Run("ss", "-ltnH").Contains(":80 ", StringComparison.Ordinal), "socat listens");
        var lbd = Lbd.Launch(topology, V4.TcpSite(topology, backends: 1));
        lbd.WaitForLog("its relay cannot listen", "EADDRINUSE");

        squatter.Kill();
        squatter.WaitForExit();

        lbd.WaitForLog("its relay listens");
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, V4.EndPoint) == "b1", "the service is served");
    }

    private static SiteSpec Both(Topology topology, string interception) => new SiteSpec(topology.Site)
        .Add(V4.Service("tcp", topology.Backends))
        .Add(V6.Service("tcp", topology.Backends))
        .With($"interception = {interception}");

    private static void AssertServes(Topology topology, Route route) =>
        Assert.NotNull(Ask.TryTcp(topology.Client, route.EndPoint));

    /// <summary>What other programs have on a host.</summary>
    private static void AddForeign(TestNamespace host)
    {
        host.Run("nft", "add table inet foreign");
        host.Run("nft", "add chain inet foreign input { type filter hook prerouting priority mangle; policy accept; }");
        host.Run("nft", "add rule inet foreign input tcp dport 81 drop");
        host.Ip("rule add fwmark 7 lookup 77 priority 900");
        host.Ip("route add 198.51.100.0/24 via 10.77.2.11 table 77");
        // On client0 somebody's clsact is there before, on backend0 none.
        host.Run("tc", "qdisc", "add", "dev", "client0", "clsact");
        host.Run("tc", "filter", "add", "dev", "client0", "egress", "bpf", "bytecode", "1,6 0 0 0");
    }
}
