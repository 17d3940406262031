using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Doctor;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Units;

/// <summary>lbd as the unit of systemd runs it: not as root, with the capabilities that the file names and no other.</summary>
public sealed class UnitTests
{
    /// <summary>The capabilities of the unit that every site needs, for theories.</summary>
    public static TheoryData<string> Named => [.. UnitFile.Read().Ambient.Where(name => name is not ("CAP_NET_BIND_SERVICE" or "CAP_NET_RAW"))];

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void It_forwards_and_is_killed_and_the_next_one_takes_over_without_breaking_a_flow(string name)
    {
        using Topology topology = Topology.WithEchoServers(3);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        Route route = Route.Of(name);
        Lbd first = Lbd.Start(topology, route.TcpSite(topology, backends: 2), sandbox.Start());
        AssertIsNoRoot(sandbox, first);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 200);
        first.Reload(route.TcpSite(topology, backends: 3));
        load.ExchangeOnAll();
        string digest = first.Api.Digests();

        first.Kill();
        load.ExchangeOnAll();
        sandbox.Prepare();
        Lbd second = Lbd.Start(topology, first.Site, sandbox.Start());
        load.ExchangeOnAll();

        Assert.Equal(digest, second.Api.Digests());
        Assert.Equal(["b1", "b2", "b3"], Ask.Spread(topology.Client, route.EndPoint, 100).Keys.Order());
        second.Reload(route.TcpSite(topology, backends: 2));
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        Assert.Empty(second.LogLines("EPERM"));
    }

    [RootFact]
    public void Stop_leaves_the_kernel_clean_and_cleanup_removes_what_a_killed_one_left()
    {
        using Topology topology = Topology.WithEchoServers(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1);

        Lbd stopped = Lbd.Start(topology, site, sandbox.Start());
        Assert.Equal(0, stopped.Stop());
        AssertIsClean(topology, sandbox);

        Lbd killed = Lbd.Start(topology, site, sandbox.Start());
        killed.Kill();
        Assert.Contains("xdp", topology.Lb.Ip("link show client0"), StringComparison.Ordinal);
        (int exitCode, string output, string error) =
            Lbd.RunThrough(topology, sandbox.Start(), site.ToHocon(), "--cleanup");
        Assert.True(exitCode == 0, output + error);
        AssertIsClean(topology, sandbox);
    }

    [RootFact]
    public void Doctor_finds_nothing_wrong()
    {
        using Topology topology = Topology.WithEchoServers(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);

        Checkup.Of(topology, Route.Of("nat-v4").TcpSite(topology, backends: 1), through: sandbox.Start()).AssertHealthy();
    }

    [RootFact]
    public void State_that_root_left_is_taken_over()
    {
        using Topology topology = Topology.WithEchoServers(2);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 2);
        Lbd root = Lbd.Start(topology, site, sandbox.AsRoot());
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        string digest = root.Api.Digests();
        root.Kill();

        sandbox.Prepare();
        Lbd lbd = Lbd.Start(topology, site, sandbox.Start());

        AssertIsNoRoot(sandbox, lbd);
        Assert.Equal(digest, lbd.Api.Digests());
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
    }

    [RootTheory]
    [MemberData(nameof(Named))]
    public void Each_capability_is_needed_and_named_when_it_is_not_there(string capability)
    {
        using Topology topology = Topology.WithBackends(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1);

        (int exitCode, string output, string error) =
            Lbd.RunThrough(topology, sandbox.Start(without: capability), site.ToHocon());

        Assert.Equal(1, exitCode);
        Assert.Contains($"without {capability}:", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Checkup.Of(topology, site, through: sandbox.Start(without: capability)).AssertError("capabilities", capability);
        AssertKernelLoads(topology, sandbox, expected: false, without: capability);
        AssertKernelLoads(topology, sandbox, expected: true);
    }

    [RootFact]
    public void Folder_that_may_not_be_written_is_named_with_its_mend()
    {
        using Topology topology = Topology.WithBackends(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        SiteSpec site = Route.Of("nat-v4").TcpSite(topology, backends: 1);
        sandbox.Run("chown", "root", "/sys/fs/bpf/lb");

        foreach (string[] arguments in (string[][])[[], ["--cleanup"]])
        {
            (int exitCode, string output, string error) =
                Lbd.RunThrough(topology, sandbox.Start(), site.ToHocon(), arguments);
            Assert.Equal(1, exitCode);
            Assert.True((output + error).Contains("/sys/fs/bpf/lb (EACCES)", StringComparison.Ordinal), output + error);
            Assert.Contains("chown", output + error, StringComparison.Ordinal);
        }

        Checkup.Of(topology, site, through: sandbox.Start()).AssertError("bpffs-access", "/sys/fs/bpf/lb");
    }

    [RootFact]
    public void Tables_of_an_older_version_are_left_forwarding_until_root_has_pinned_them()
    {
        using Topology topology = Topology.WithEchoServers(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 1);
        Lbd.Start(topology, site, sandbox.Start()).Kill();
        sandbox.Run("rm", "-r", $"/sys/fs/bpf/lb/{topology.Site}/tables");

        (int exitCode, string output, string error) = Lbd.RunThrough(topology, sandbox.Start(), site.ToHocon());

        Assert.Equal(1, exitCode);
        Assert.Contains("CAP_SYS_ADMIN", output + error, StringComparison.Ordinal);
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
        Lbd.Start(topology, site, sandbox.AsRoot()).Kill();
        sandbox.Prepare();
        Lbd.Start(topology, site, sandbox.Start());
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
    }

    [RootFact]
    public void Tables_whose_pins_somebody_removed_are_pinned_or_made_anew_by_the_self_check()
    {
        using Topology topology = Topology.WithEchoServers(2);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 2) with { CheckInterval = "1s" };
        Lbd lbd = Lbd.Start(topology, site, sandbox.Start());
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        string digest = lbd.Api.Digests();

        sandbox.Run("rm", "-r", $"/sys/fs/bpf/lb/{topology.Site}/tables");

        lbd.WaitForLog("The kernel differed from what was written", "the pin of a buffer of table 0 is gone");
        lbd.WaitFor(() => lbd.Pbm("kernel", "check").ExitCode == 0, "the tables are pinned again");
        load.ExchangeOnAll();
        lbd.Kill();
        sandbox.Prepare();
        Lbd next = Lbd.Start(topology, site, sandbox.Start());
        load.ExchangeOnAll();
        Assert.Equal(digest, next.Api.Digests());
        Assert.Empty(load.Broken);
    }

    /// <summary>Asks the kernel itself, through bpftool, whether it takes the program.</summary>
    private static void AssertKernelLoads(
        Topology topology, UnitSandbox sandbox, bool expected, params string[] without)
    {
        string program = Path.Combine(topology.Folder, "lb_xdp.bpf.o");
        File.WriteAllBytes(program, Lb.Kernel.EmbeddedObject.Read(Lb.Kernel.EmbeddedObject.Xdp));
        string[] command =
            [.. sandbox.Start(without), "bpftool", "prog", "load", program, "/sys/fs/bpf/lb/trial", "type", "xdp"];

        (int exitCode, string output, string error) = Command.TryRun(command[0], command[1..]);

        Assert.True(exitCode == 0 == expected, $"bpftool ended with {exitCode}:\n{output}{error}");
    }

    private static void AssertIsNoRoot(UnitSandbox sandbox, Lbd lbd)
    {
        string[] status = File.ReadAllLines($"/proc/{lbd.Id}/status");
        ulong expected = sandbox.Unit.Ambient.Aggregate(
            0UL, (bits, name) => bits | (1UL << (int)Enum.GetValues<Lb.Kernel.Host.Capability>().Single(
                c => Lb.Kernel.Host.Capabilities.Name(c) == name)));
        Assert.DoesNotContain("0", Field("Uid"));
        Assert.Equal([$"{expected:x16}"], Field("CapEff"));
        Assert.Equal([$"{expected:x16}"], Field("CapBnd"));

        string[] Field(string name) =>
            status.Single(l => l.StartsWith($"{name}:", StringComparison.Ordinal)).Split(['\t', ' '])[1..];
    }

    private static void AssertIsClean(Topology topology, UnitSandbox sandbox)
    {
        Assert.DoesNotContain("xdp", topology.Lb.Ip("link show"), StringComparison.Ordinal);
        Assert.Equal("", sandbox.Run("ls", "/sys/fs/bpf/lb").Trim());
    }
}
