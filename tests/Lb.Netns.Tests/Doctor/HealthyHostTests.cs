using System.Net;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>Where nothing is wrong the doctor finds nothing, and leaves everything as it was.</summary>
public sealed class HealthyHostTests
{
    [RootFact]
    public void Topology_without_a_fault_has_no_finding_and_is_left_as_it_was()
    {
        using Topology topology = Topology.WithBackends(2);
        string before = State(topology.Lb);

        Checkup.Of(topology).AssertHealthy();

        Assert.Equal(before, State(topology.Lb));
        Assert.False(Pins.Exist(topology.Site), "something is pinned");
    }

    [RootFact]
    public void Host_of_a_running_node_has_no_finding_whoever_asks()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Lbd lbd = Lbd.Start(topology, Route.FullSite(topology, "tcp"));

        Checkup beside = Checkup.Of(topology, lbd.Site);
        beside.AssertHealthy();
        Assert.Contains(beside.Findings, f => f.Code == "running" && f.What.Contains("(lbd)", StringComparison.Ordinal));

        Checkup within = lbd.Api.Doctor();
        Assert.Empty(within.Codes);
        Assert.Contains(
            within.Findings, f => f.Code == "running" && f.What.StartsWith("This process", StringComparison.Ordinal));
    }

    [RootFact]
    public void Host_of_a_killed_node_has_no_finding_though_its_program_is_attached()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Lbd lbd = Lbd.Start(topology, Route.FullSite(topology, "tcp"));
        lbd.Kill();

        Checkup.Of(topology, lbd.Site).AssertHealthy();
    }

    [RootFact]
    public void Report_for_people_is_coloured_on_a_terminal_and_nowhere_else()
    {
        using Topology topology = Topology.WithBackends(1);
        string hocon = Route.FullSite(topology, "tcp").ToHocon();
        (int exitCode, string piped, _) = Lbd.Run(topology, hocon, "--doctor");

        string shown = topology.Lb.Run(
            "script", "--quiet", "--return", "--command", $"{Lbd.Executable} --config {topology.Folder}/other.conf --doctor",
            "/dev/null");

        Assert.Equal(0, exitCode);
        Assert.Contains("this host is fit: 0 errors, 0 warnings", piped, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', piped);
        Assert.Contains("this host is \e[32mfit\e[0m: 0 errors", shown, StringComparison.Ordinal);
    }

    /// <summary>All that an examination or a fix could change; ages and counters are no state.</summary>
    private static string State(TestNamespace host) => string.Join(
        '\n',
        host.Ip("-o link show"),
        host.Ip("-o addr show"),
        host.Ip("route show"),
        string.Join(' ', Neighbours(host)),
        host.Run("sysctl", "-a", "-r", "^net.ipv[46].conf"));

    /// <summary>Backends may be known afterwards; a VIP must not be.</summary>
    private static IEnumerable<string> Neighbours(TestNamespace host) => host.Ip("neigh show").Split('\n')
        .Select(line => line.Split(' ')[0])
        .Where(address => IPAddress.TryParse(address, out IPAddress? ip)
            && (Addresses.DsrVips.Contains(ip) || ip.Equals(Addresses.NatVip4) || ip.Equals(Addresses.NatVip6)));
}
