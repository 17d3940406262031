using Lb.Kernel;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Releases whose layouts are others, one after another on the same pins, with connections open.</summary>
public sealed class UpgradeTests
{
    private const int Connections = 500;

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    [InlineData("nat-v6", "setpriv", "--bounding-set=-sys_admin")] // who may not open what the kernel keeps
    public void Releases_of_other_layouts_follow_each_other_and_no_connection_breaks(string name, params string[] through)
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of(name);
        SiteSpec two = route.TcpSite(topology, backends: 2);
        SiteSpec three = route.TcpSite(topology, backends: 3);
        Lbd first = Lbd.Start(topology, two);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Connections);
        // Slots move, so that connections hold by their entries.
        first.Reload(three);
        load.ExchangeOnAll();
        string digest = first.Api.Digests();
        long again = Retransmitted(topology);
        first.Kill();

        topology.Lb.Invoke(() => OtherRelease.Changed.TakeOver(OptionsOf(topology)));
        load.ExchangeOnAll();
        Assert.Equal(100, Ask.Spread(topology.Client, route.EndPoint, 100).Values.Sum());

        Lbd second = Lbd.Start(topology, three, through);
        second.WaitForLog("carried over");
        load.ExchangeOnAll();
        Assert.Equal(again, Retransmitted(topology));
        Assert.Equal(100, Ask.Spread(topology.Client, route.EndPoint, 100).Values.Sum());
        Assert.Equal(digest, second.Api.Digests());
        Assert.Empty(second.LogLines("drift"));

        second.Reload(two);
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        Assert.DoesNotContain(
            second.Api.TryNode()!.Verdicts,
            verdict => verdict.Key.StartsWith("Drop", StringComparison.OrdinalIgnoreCase) && verdict.Value.Packets > 0);
    }

    [RootTheory]
    [InlineData("renameat2", 1)] // before the new maps are in force
    [InlineData("rename", 1)]
    [InlineData("rmdir", 1)]
    [InlineData("unlink", 3)]
    [InlineData("bpf", 150)]
    [InlineData("bpf", 300)]
    [InlineData("bpf", 450)]
    [InlineData("bpf", 600)]
    public void Killed_in_the_midst_of_an_exchange_the_next_start_ends_it(string call, int nth)
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of("nat-v4");
        SiteSpec two = route.TcpSite(topology, backends: 2);
        SiteSpec three = route.TcpSite(topology, backends: 3);
        Lbd first = Lbd.Start(topology, two);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        first.Reload(three);
        load.ExchangeOnAll();
        first.Kill();
        topology.Lb.Invoke(() => OtherRelease.Changed.TakeOver(OptionsOf(topology)));

        Lbd killed = Lbd.Launch(
            topology, three, "strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={nth}");
        Wait.Until(() => !killed.IsRunning, $"lbd is killed at {call} number {nth}", TimeSpan.FromSeconds(60));
        load.ExchangeOnAll();

        Lbd last = Lbd.Start(topology, three);
        load.ExchangeOnAll();
        last.Reload(two);
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        Assert.False(Directory.Exists($"/sys/fs/bpf/lb/{topology.Site}/maps_next"), "the maps that were are left");
    }

    private static DatapathOptions OptionsOf(Topology topology) =>
        new() { Site = topology.Site, Interfaces = ["client0", "backend0"] };

    /// <summary>Segments that the clients had to send again.</summary>
    private static long Retransmitted(Topology topology) => topology.Client.Counter("TcpRetransSegs");
}
