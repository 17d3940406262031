using System.Diagnostics;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Backends that fail in the ways that backends do.</summary>
public sealed class FailureTests
{
    private const int Fall = 2;

    /// <summary>Probes every 200 ms with 10 % jitter and a timeout of 150 ms; and two seconds for slow machines.</summary>
    private static readonly TimeSpan DetectionTime = TimeSpan.FromMilliseconds((Fall * 220) + 150 + 2000);

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Killed_backend_loses_its_own_connections_and_new_ones_move_on(string name)
    {
        using Topology topology = Topology.WithBackends(3);
        List<EchoServer> servers = [.. topology.Backends.Select(b => topology.Own(EchoServer.Start(b)))];
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 3) with { Fall = Fall });
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 300);
        int lost = load.ByBackend["b1"];

        servers[0].Dispose();
        TimeSpan took = TimeUntilAllAreAnswered(topology, lbd, route);

        load.ExchangeOnAll();
        Assert.InRange(took, TimeSpan.Zero, DetectionTime);
        Assert.Equal(lost, load.Broken.Count);
        Assert.All(load.Broken, reason => Assert.StartsWith("b1 ", reason, StringComparison.Ordinal));
        lbd.WaitForLog("b1", "is down;");
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v4")]
    public void Vanished_backend_is_left_and_comes_back(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2) with { Fall = Fall });

        topology.Backends[0].Disconnect();
        TimeSpan took = TimeUntilAllAreAnswered(topology, lbd, route);
        Assert.InRange(took, TimeSpan.Zero, DetectionTime);
        Assert.Equal("down", lbd.Api.StateOf("b1"));

        topology.Backends[0].Reconnect();
        lbd.WaitFor(
            () => Ask.Spread(topology.Client, route.EndPoint, 50).ContainsKey("b1"), "new connections reach b1 again");
    }

    [RootFact]
    public void Flapping_backend_is_visible_and_the_other_serves()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Own(EchoServer.Start(topology.Backends[1]));
        EchoServer flapping = EchoServer.Start(topology.Backends[0]);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2) with { Fall = Fall });

        for (int i = 0; i < 3; i++)
        {
            flapping.Dispose();
            lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");
            lbd.WaitFor(() => Ask.TryTcp(topology.Client, route.EndPoint) == "b2", "b2 serves");

            flapping = topology.Own(EchoServer.Start(topology.Backends[0]));
            lbd.WaitFor(() => lbd.Api.StateOf("b1") == "up", "b1 is up");
        }

        Assert.Equal(3, lbd.LogLines("b1", "is down;").Count);
    }

    [RootFact]
    public void Without_any_backend_packets_are_dropped_until_one_comes()
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Launch(topology, route.TcpSite(topology, backends: 1) with { Fall = Fall });
        lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");
        Assert.Null(Ask.TryTcp(topology.Client, route.EndPoint));

        topology.Own(EchoServer.Start(topology.Backends[0]));

        lbd.WaitFor(() => Ask.TryTcp(topology.Client, route.EndPoint) == "b1", "b1 answers");
    }

    /// <summary>Opens connections until 50 in a row are answered.</summary>
    private static TimeSpan TimeUntilAllAreAnswered(Topology topology, Lbd lbd, Route route)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan lastFailure = TimeSpan.Zero;
        int answered = 0;
        lbd.WaitFor(
            () =>
            {
                TimeSpan began = Stopwatch.GetElapsedTime(start);
                bool ok = Ask.TryTcp(topology.Client, route.EndPoint) is not null;
                answered = ok ? answered + 1 : 0;
                lastFailure = ok ? lastFailure : began;
                return answered >= 50;
            },
            "50 connections in a row are answered");
        return lastFailure;
    }
}
