using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Which backend a relay takes, and which connections it ends.</summary>
public sealed class RelayPolicyTests
{
    private static readonly Route Relayed = Route.Of("tproxy-v4");

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Backend_that_refuses_is_passed_over_before_probes_notice(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        Route route = Route.Of(name);
        using EchoServer dying = EchoServer.Start(topology.Backends[0]);
        topology.Own(EchoServer.Start(topology.Backends[1]));
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2) with { Fall = 100 });
        Assert.Equal(["b1", "b2"], Ask.Spread(topology.Client, route.EndPoint, 30).Keys.Order(StringComparer.Ordinal));

        dying.Dispose();

        Assert.Equal(["b2"], Ask.Spread(topology.Client, route.EndPoint, 30).Keys);
        Assert.Equal("up", lbd.Backend("b1").State);
        Assert.InRange(lbd.Backend("b1").Relay!.ConnectFailures, 1, 30);
        Assert.Equal(0, lbd.Backend("b2").Relay!.ConnectFailures);
        Assert.Equal(0, lbd.Relay().Refused);
    }

    [RootFact]
    public void Backend_that_is_silent_is_passed_over_after_the_connect_timeout()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Lbd lbd = Lbd.Start(
            topology,
            (Relayed.TcpSite(topology, backends: 2) with { Fall = 100 }).With("connect-timeout = 300ms"));

        lbd.WaitFor(
            () => Ask.Spread(topology.Client, Relayed.EndPoint, 10).Count == 2, "both backends take connections of the relay");

        topology.Backends[0].Disconnect();

        // With as few as ten, one run in a thousand has all of them meant for the other backend.
        Assert.Equal(["b2"], Ask.Spread(topology.Client, Relayed.EndPoint, 20).Keys);
        Assert.InRange(lbd.Backend("b1").Relay!.ConnectFailures, 1, 20);
    }

    [RootFact]
    public void Dead_backend_gets_no_new_connections_and_none_is_left_refuses()
    {
        using Topology topology = Topology.WithBackends(1);
        EchoServer only = EchoServer.Start(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Relayed.TcpSite(topology, backends: 1) with { Fall = 2 });

        only.Dispose();
        lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");

        Assert.Null(Ask.TryTcp(topology.Client, Relayed.EndPoint));
        Assert.InRange(lbd.Relay().Refused, 1, 1);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Draining_backend_keeps_its_connections_and_gets_no_new_ones(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2);
        Lbd lbd = Lbd.Start(topology, site);
        var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 40);
        long had = lbd.Backend("b1").Relay!.Open;
        Assert.InRange(had, 1, 39);

        lbd.Reload(site.ChangeAll(s => s.Change("b1", b => b with { Admin = "drain" })));
        load.ExchangeOnAll();

        Assert.Equal(["b2"], Ask.Spread(topology.Client, route.EndPoint, 20).Keys);
        Assert.Empty(load.Broken);
        AssertIsShown(lbd, route, open: 40);
        Assert.Equal(had, lbd.Backend("b1").Drain!.TrackedFlows);
        load.Dispose();
        lbd.WaitFor(() => lbd.Backend("b1").Drain!.TrackedFlows == 0, "the drain is over");
    }

    [RootFact]
    public void Disabled_backend_loses_its_connections()
    {
        using Topology topology = Topology.WithEchoServers(2);
        SiteSpec site = Relayed.TcpSite(topology, backends: 2);
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, Relayed.EndPoint, 40);
        long had = lbd.Backend("b1").Relay!.Open;

        lbd.Reload(site.ChangeAll(s => s.Change("b1", b => b with { Admin = "disabled" })));

        lbd.WaitFor(() => load.Broken.Count == had, "the connections of b1 are reset, and no others");
    }

    [RootFact]
    public void Connections_above_the_limit_wait_until_others_have_ended()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Lbd lbd = Lbd.Start(topology, Relayed.TcpSite(topology, backends: 1).With("connections = 5"));
        var load = LongLivedConnections.Open(topology.Client, Relayed.EndPoint, 5);
        using Socket sixth = topology.Client.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        sixth.Connect(Relayed.EndPoint);
        load.ExchangeOnAll();
        Assert.Equal(5, lbd.Relay().Counts.Open);
        Assert.False(sixth.Poll(0, SelectMode.SelectRead), "the sixth was served above the limit");

        load.Dispose();

        Wait.Until(() => sixth.Poll(0, SelectMode.SelectRead), "the sixth is served");
    }

    [RootFact]
    public void Idle_connection_is_reset()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Lbd lbd = Lbd.Start(topology, Relayed.TcpSite(topology, backends: 1).With("idle-timeout = 1s"));
        using Socket client = topology.Client.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 });
        client.Connect(Relayed.EndPoint);
        byte[] greeting = new byte[256];
        Assert.True(client.Receive(greeting) > 0, "no greeting");

        SocketException end = Assert.Throws<SocketException>(() => client.Receive(greeting));

        Assert.Equal(SocketError.ConnectionReset, end.SocketErrorCode);
        Assert.Equal(1, lbd.Relay().Idle);
    }

    /// <summary>What operators and Prometheus see of a relay.</summary>
    private static void AssertIsShown(Lbd lbd, Route route, int open)
    {
        string service = $"{route.Name}-tcp";
        // Connections that have only just ended may still be counted.
        lbd.WaitFor(() => lbd.Relay().Counts.Open == open, $"{open} connections are open");
        (int exitCode, string shown, string error) = lbd.Pbm("service", "show", service);
        Assert.True(exitCode == 0, error);
        Assert.Contains($"its relay has {open} connections open", shown, StringComparison.Ordinal);
        Assert.Equal(
            open,
            lbd.Api.Run("service", "show", ("service", service)).GetProperty("relay").GetProperty("counts")
                .GetProperty("open").GetInt32());
        Assert.Contains(
            $"/user/site/relays/{service}", lbd.Pbm("actor", "hierarchy").Output, StringComparison.Ordinal);
        Assert.Equal(open, lbd.Api.Metrics()[$"lb_relay_open{{service=\"{service}\"}}"]);
        Assert.Equal(1, lbd.Api.Metrics()[$"lb_relay_up{{service=\"{service}\"}}"]);
    }
}
