using System.Diagnostics;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Tc;

/// <summary>Services go to traffic control by themselves where an interface has no XDP in its driver.</summary>
public sealed class TcFallbackTests
{
    private const string Program = "lb_forward";

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    [InlineData("dsr-v4-in-v6")]
    [InlineData("gue-v6")]
    [InlineData("l2-v4")]
    public void Bridge_towards_the_clients_carries_connections_and_large_packets(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        topology.OffloadSenders();
        PutBridge(topology);
        Route route = Route.Of(name);
        Backend backend = topology.Backends[0];
        string sent = Path.Combine(topology.Folder, "sent");
        string got = Path.Combine(topology.Folder, "got");
        Command.Run("dd", "if=/dev/urandom", $"of={sent}", "bs=1M", "count=10", "status=none");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1).ChangeAll(s => s with { Check = "none" }) with
        {
            Interfaces = ["br0", "backend0"],
        });
        using Process sink = backend.Namespace.Start(
            "socat", "-u", $"TCP6-LISTEN:{Addresses.ServerPort},ipv6only=0", $"CREATE:{got}");
        backend.Namespace.WaitForListener(Addresses.ServerPort);

        topology.Client.Run("socat", "-u", $"OPEN:{sent},rdonly", $"TCP:{route.EndPoint}");

        Wait.Until(() => sink.HasExited, "socat got the end of the stream");
        Command.Run("cmp", sent, got);
        Assert.Contains(Program, topology.Filters("br0"), StringComparison.Ordinal);
        Assert.Contains(Program, topology.Filters("backend0"), StringComparison.Ordinal);
        string shown = lbd.Pbm("kernel", "show").Output;
        Assert.Contains("br0 none (the driver refused native XDP with EOPNOTSUPP)", shown, StringComparison.Ordinal);
        Assert.Contains("all services at traffic control: br0 has no XDP in its driver", shown, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("nat-v4", "auto")]
    [InlineData("dsr-v6", "auto")]
    [InlineData("gue-v4", "xdp")]
    public void Live_flows_follow_when_interfaces_without_xdp_come_and_go(string name, string hook)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.Lb.Ip("link add bare0 type bridge");
        topology.Lb.Ip("link set bare0 up");
        Route route = Route.Of(name);
        SiteSpec native = route.TcpSite(topology, backends: 2).At(hook) with { CheckInterval = "1s" };
        SiteSpec mixed = native with { Interfaces = ["client0", "backend0", "bare0"] };
        Lbd first = Lbd.Start(topology, native);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        Assert.DoesNotContain(Program, topology.Filters("client0"), StringComparison.Ordinal);

        first.Kill();
        Lbd second = Lbd.Start(topology, mixed);
        load.ExchangeOnAll();
        Assert.Contains(Program, topology.Filters("client0"), StringComparison.Ordinal);
        second.WaitForLog("All services are forwarded at traffic control", "bare0");

        second.Kill();
        load.ExchangeOnAll();
        Lbd third = Lbd.Start(topology, native);
        load.ExchangeOnAll();
        third.WaitFor(() => !topology.Filters("client0").Contains(Program, StringComparison.Ordinal), "the filter is removed");
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        Assert.Equal(50, Ask.Spread(topology.Client, route.EndPoint, 50).Values.Sum());
    }

    /// <summary>The node's interface towards the clients becomes the port of a bridge, which has its addresses.</summary>
    private static void PutBridge(Topology topology)
    {
        topology.Lb.Ip("link add br0 type bridge");
        topology.Lb.Ip("addr flush dev client0");
        topology.Lb.Ip("link set client0 master br0");
        topology.Lb.Ip("link set br0 up");
        topology.Lb.Ip("addr add 10.77.1.1/24 dev br0");
        topology.Lb.Ip("addr add fd77:1::1/64 dev br0 nodad");
    }
}
