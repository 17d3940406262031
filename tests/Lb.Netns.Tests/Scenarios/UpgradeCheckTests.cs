using System.Globalization;
using System.Text.RegularExpressions;
using Lb.Kernel;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Doctor;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>What a restart would do with the pinned maps, asked of the program before it is started, while forwarding goes on.</summary>
public sealed partial class UpgradeCheckTests
{
    [RootFact]
    public void Check_of_another_release_foresees_the_start_and_changes_nothing()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 2);
        Lbd first = Lbd.Start(topology, site);
        AssertSays(topology, site, "A start keeps all ");
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 50);
        first.Kill();
        topology.Lb.Invoke(() => OtherRelease.Changed.TakeOver(
            new DatapathOptions { Site = topology.Site, Interfaces = ["client0", "backend0"] }));
        string[] before = Pinned(topology);

        (int exitCode, string output, string error) = Lbd.Run(topology, site.ToHocon(), "--check");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("lb_flows4 is carried over with", output, StringComparison.Ordinal);
        Assert.Contains("lb_full_draft begins anew, empty", output, StringComparison.Ordinal);
        Assert.DoesNotContain("lb_nat4", output, StringComparison.Ordinal);
        Assert.Equal(before, Pinned(topology));
        load.ExchangeOnAll();

        Lbd second = Lbd.Start(topology, site);
        second.WaitForLog(string.Create(CultureInfo.InvariantCulture, $"{Carried().Count(output)} maps of another release or size carried over"));
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
    }

    [RootFact]
    public void Sizes_that_a_start_would_refuse_fail_the_check_beside_the_running_lbd()
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of("nat-v4");
        Lbd running = Lbd.Start(topology, route.TcpSite(topology, backends: 3));
        SiteSpec larger = route.TcpSite(topology, backends: 3) with { Keys = "kernel.max-flows = 300000" };
        SiteSpec smaller = route.TcpSite(topology, backends: 2) with { Keys = "kernel.max-backends = 3" };
        string[] before = Pinned(topology);

        (int exitCode, string output, string error) = Lbd.Run(topology, larger.ToHocon(), "--check");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("lb_flows4 is carried over with", output, StringComparison.Ordinal);
        Assert.Contains("(its number of entries is 262144 where 300000 is needed)", output, StringComparison.Ordinal);

        (exitCode, output, error) = Lbd.Run(topology, smaller.ToHocon(), "--check");
        Assert.Equal(1, exitCode);
        Assert.Contains("is right", output, StringComparison.Ordinal);
        Assert.Contains(
            "lbd: A start would be refused, and change nothing: The pinned map lb_backends cannot be adopted: its element 3 is in use, and "
            + "there is to be room for 3.",
            error,
            StringComparison.Ordinal);
        Assert.Contains("set lb.kernel back to its sizes", error, StringComparison.Ordinal);
        Checkup.Of(topology, smaller).AssertError("pinned-maps", "lb_backends", "its element 3 is in use");

        running.WriteText(larger.ToHocon());
        Assert.Contains("lb_flows4 is carried over with", running.Pbm("config", "check").Output, StringComparison.Ordinal);
        Assert.Equal(before, Pinned(topology));
        Assert.True(running.Serves(), "the lbd that runs does not serve after checks");
    }

    [RootFact]
    public void Who_may_not_look_is_told_why_and_the_file_is_right()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1);
        Lbd.Start(topology, site);

        AssertSays(
            topology,
            site,
            "The pinned maps were not looked at: this process runs without CAP_BPF",
            "setpriv",
            "--bounding-set=-bpf,-sys_admin");
        AssertSays(
            topology, site, "The pinned maps were not looked at: of this user, it may not ", "setpriv", "--reuid=65534", "--clear-groups");
    }

    /// <summary>How a check ended, and the beginning of what it says of pinned maps.</summary>
    private static void AssertSays(Topology topology, SiteSpec site, string beginning, params string[] through)
    {
        (int exitCode, string output, string error) = Lbd.RunThrough(topology, through, site.ToHocon(), "--check");
        Assert.Equal((0, ""), (exitCode, error));
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(beginning, lines[1], StringComparison.Ordinal);
    }

    /// <summary>All that is pinned, with the ids of maps.</summary>
    private static string[] Pinned(Topology topology)
    {
        string root = $"/sys/fs/bpf/lb/{topology.Site}";
        return
        [
            .. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
            .. Directory.EnumerateFiles(Path.Combine(root, "maps")).Order(StringComparer.Ordinal)
                .Select(pin => Command.Run("bpftool", "map", "show", "pinned", pin).Split(':')[0]),
        ];
    }

    [GeneratedRegex("is carried over", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Carried();
}
