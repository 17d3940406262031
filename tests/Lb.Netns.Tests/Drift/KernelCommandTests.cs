using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Drift;

/// <summary>pbm finds and mends at once what the self-check would find in an hour.</summary>
public sealed class KernelCommandTests
{
    [RootTheory]
    [InlineData("slots overwritten")]
    [InlineData("service of IPv4 deleted")]
    [InlineData("program detached")]
    [InlineData("pin of a map removed")]
    [InlineData("node's entry overwritten")]
    public void Check_finds_it_and_changes_nothing_and_repair_mends_it(string name)
    {
        Harm harm = Harm.All.Single(known => known.Name == name);
        using Topology topology = Topology.WithEchoServers(2);
        Lbd lbd = Lbd.Start(topology, DriftBed.Site(topology, "1h"));
        Assert.Contains("The kernel holds what was written", Pbm(lbd, 0, "kernel", "check"), StringComparison.Ordinal);

        harm.Do(new Vandal(topology.Site), topology);

        string found = Pbm(lbd, 1, "kernel", "check");
        Assert.Contains(harm.Words, found, StringComparison.Ordinal);
        Assert.Equal(found, Pbm(lbd, 1, "kernel", "check"));
        Assert.Contains(harm.Words, Pbm(lbd, 0, "kernel", "repair"), StringComparison.Ordinal);
        Pbm(lbd, 0, "kernel", "check");
        Assert.Contains("Nothing to repair", Pbm(lbd, 0, "kernel", "repair"), StringComparison.Ordinal);
        Assert.NotNull(Ask.TryTcp(topology.Client, Route.Of("nat-v4").EndPoint));
        Assert.Single(lbd.LogLines("The kernel differed from what was written"));
    }

    [RootFact]
    public void A_program_of_somebody_else_in_its_place_is_named_and_taken_over_from_once_it_is_gone()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = new SiteSpec(topology.Site).Add(Route.Of("nat-v4").Service("tcp", topology.Backends));
        Lbd lbd = Lbd.Start(topology, site with { CheckInterval = "1s" });
        string foreign = Path.Combine(AppContext.BaseDirectory, "lb_decap.bpf.o");

        // Between the two commands a self-check may put the program back.
        Wait.Until(
            () =>
            {
                new Vandal(topology.Site).Detach("client0", topology.Lb);
                return Command.TryRun(
                    "ip", "-n", topology.Lb.Name, "link", "set", "client0", "xdpdrv", "object", foreign, "section", "xdp").ExitCode == 0;
            },
            "somebody else's program is attached",
            TimeSpan.FromSeconds(20));
        lbd.WaitForLog("cannot be repaired", "Another XDP program is attached");
        string problem = Pbm(lbd, 1, "kernel", "repair");
        Assert.Contains("the program was detached from client0, which carries XDP program", problem, StringComparison.Ordinal);
        Assert.Contains("failing", Pbm(lbd, 0, "kernel", "show"), StringComparison.Ordinal);

        topology.Lb.Ip("link set client0 xdpdrv off");

        lbd.WaitFor(() => lbd.Pbm("kernel", "check").ExitCode == 0, "the program is back", TimeSpan.FromSeconds(20));
        Assert.NotNull(Ask.TryTcp(topology.Client, Route.Of("nat-v4").EndPoint));
    }

    [RootFact]
    public void Maps_are_shown_with_what_is_in_use()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Lbd lbd = Lbd.Start(topology, DriftBed.Site(topology, "1h"));
        string maps = Pbm(lbd, 0, "kernel", "maps");
        string[] backends = maps.Split('\n').Single(line => line.StartsWith("lb_backends |", StringComparison.Ordinal)).Split(" | ");
        // One backend of the first service, two of each other.
        Assert.Equal("5", backends[5]);
        string[] services = maps.Split('\n').Single(line => line.StartsWith("lb_vips4 |", StringComparison.Ordinal)).Split(" | ");
        Assert.Equal("3", services[5]);
        Assert.True(long.Parse(services[6]) > 0, maps);
        Assert.EndsWith($"lb/{topology.Site}/maps/lb_vips4", services[7].TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("generation", maps, StringComparison.Ordinal);
    }

    private static string Pbm(Lbd lbd, int exitCode, params string[] arguments)
    {
        (int code, string output, string error) = lbd.Pbm(arguments);
        Assert.True(code == exitCode, $"pbm {string.Join(' ', arguments)} ended with {code}: {error}{output}\n{lbd.Story()}");
        return output + error;
    }
}
