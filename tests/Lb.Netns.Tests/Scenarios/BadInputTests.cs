using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>What lbd is given and cannot take.</summary>
public sealed class BadInputTests
{
    private const string Broken = """
        lb {
          site = broken
          interfaces = [client0]
          services { web { vip = 300.0.0.1, prot = 80 } }
        }
        """;

    [RootFact]
    public void Reload_of_a_broken_file_changes_nothing()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 2);
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        string digest = lbd.Api.Digests();

        lbd.ReloadText(Broken);
        lbd.WaitForLog("prot");
        load.ExchangeOnAll();
        Assert.Equal(digest, lbd.Api.Digests());
        Assert.Empty(load.Broken);

        lbd.Reload(site.ChangeAll(s => s.Change("b1", b => b with { Weight = 0 })));
        lbd.WaitFor(
            () => Ask.Spread(topology.Client, route.EndPoint, 20).Keys.SequenceEqual(["b2"]),
            "new connections reach b2 alone");
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
    }

    [RootFact]
    public void Start_with_a_broken_file_lists_all_errors_and_leaves_a_running_node_alone()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));

        (int exitCode, string output, string error) = Lbd.Run(topology, Broken);

        Assert.Equal(2, exitCode);
        Assert.Contains("other.conf:4:", output + error, StringComparison.Ordinal);
        Assert.Contains("300.0.0.1", output + error, StringComparison.Ordinal);
        Assert.Contains("prot", output + error, StringComparison.Ordinal);
        Assert.True(lbd.IsRunning, "the running node ended");
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
    }

    [RootFact]
    public void Check_accepts_a_good_file_and_touches_nothing()
    {
        using Topology topology = Topology.WithBackends(1);

        Assert.Equal(0, Lbd.Run(topology, Route.FullSite(topology, "tcp", "udp").ToHocon(), "--check").ExitCode);

        Assert.False(Pins.Exist(topology.Site), "a check pinned something");
    }

    [RootFact]
    public void Missing_interface_is_one_clear_sentence()
    {
        using Topology topology = Topology.WithBackends(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1) with { Interfaces = ["client0", "nowhere0"] };

        (int exitCode, string output, string error) = Lbd.Run(topology, site.ToHocon());

        Assert.Equal(1, exitCode);
        Assert.Contains("nowhere0", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.False(Pins.Exist(topology.Site), "a start that failed left pins");
        Assert.DoesNotContain("xdp", topology.Lb.Ip("link show client0"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Second_lbd_of_a_site_is_refused_and_the_first_serves_on()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 1);
        Lbd.Start(topology, site);

        (int exitCode, string output, string error) = Lbd.Run(topology, site.ToHocon());

        Assert.True(exitCode == 1, $"it ended with {exitCode}: {output}{error}");
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
    }

    [RootFact]
    public void Missing_privileges_are_one_clear_sentence()
    {
        using Topology topology = Topology.WithBackends(1);
        string file = Path.Combine(topology.Folder, "site.conf");
        File.WriteAllText(file, Route.Of("nat-v4").TcpSite(topology, backends: 1).ToHocon());

        (int exitCode, string output, string error) = Command.TryRun(
            "nsenter", $"--net={topology.Lb.Path}", "setpriv", "--bounding-set=-all", "--inh-caps=-all",
            Lbd.Executable, "--config", file);

        Assert.Equal(1, exitCode);
        Assert.Contains("CAP_BPF", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }
}
