using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>How many connections there may be, how old they may become, and what ends them.</summary>
public sealed class RelayLimitTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Full_backend_is_passed_over_and_clients_wait_when_all_are(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2).With("backend-connections = 3"));
        var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 6);
        Assert.Equal("b1 3, b2 3", load.Shares());
        using Socket seventh = RelayClient.Connect(topology.Client, route.EndPoint);
        load.ExchangeOnAll();
        Assert.False(seventh.Poll(0, SelectMode.SelectRead), "the seventh was served above the limit");
        Assert.InRange(lbd.Relay().Held, 1, 100);

        load.Dispose();

        Wait.Until(() => seventh.Poll(0, SelectMode.SelectRead), "the seventh is served");
        Assert.True(RelayClient.Answers(seventh), "the seventh was reset");
        Assert.Equal(0, lbd.Relay().Refused);
    }

    [RootFact]
    public void Short_connections_above_the_limit_are_all_served()
    {
        using Topology topology = Topology.WithBackends(2);
        Nginx.Start(topology, topology.Backends[0]);
        Nginx.Start(topology, topology.Backends[1]);
        Lbd lbd = Lbd.Start(topology, V4.TcpSite(topology, backends: 2).With("backend-connections = 2"));

        string answered = topology.Client.Run(
            "bash",
            "-c",
            $"seq 300 | xargs -P 20 -I N curl -sS -m 30 -o /dev/null -w '%{{http_code}}\\n' http://{V4.EndPoint}/ | sort | uniq -c");

        Assert.Equal("300 200", answered.Trim());
        Assert.Equal(300, lbd.Relay().Counts.Connections);
        Assert.Equal(0, lbd.Relay().Refused);
    }

    [RootTheory]
    [InlineData("tproxy-v4", "10.77.1.2", "10.77.1.77/24", "10.77.1.77", false)]
    [InlineData("tproxy-v6", "fd77:1::2", "fd77:1::77/64", "fd77:1::77", true)]
    public void Client_with_too_many_connections_is_reset_and_counted(
        string name, string client, string added, string other, bool isTheSame)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        topology.Client.Ip($"addr add {added} dev {ClientDevice(topology)}{(route.OverV6 ? " nodad" : "")}");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1).With("source-connections = 3"));
        List<Socket> three = [.. Enumerable.Range(0, 3).Select(_ => RelayClient.Connect(topology.Client, route.EndPoint, client))];
        Assert.All(three, socket => Assert.True(RelayClient.Answers(socket)));

        using Socket fourth = RelayClient.Connect(topology.Client, route.EndPoint, client);
        Assert.False(RelayClient.Answers(fourth), "a fourth connection was served");
        Assert.Equal(1, lbd.Relay().Ended("source-limit"));
        using Socket others = RelayClient.Connect(topology.Client, route.EndPoint, other);
        Assert.Equal(!isTheSame, RelayClient.Answers(others));

        three.ForEach(socket => socket.Dispose());
        lbd.WaitFor(() => lbd.Relay().Counts.Open == (isTheSame ? 0 : 1), "the relay has seen them end");
        using Socket again = RelayClient.Connect(topology.Client, route.EndPoint, client);
        Assert.True(RelayClient.Answers(again), "it still counts connections that ended");
    }

    [RootFact]
    public void Connection_that_is_busy_ends_when_it_is_too_old()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Lbd lbd = Lbd.Start(topology, V4.TcpSite(topology, backends: 1).With("life-timeout = 2s"));
        using var load = LongLivedConnections.Open(topology.Client, V4.EndPoint, 3);

        lbd.WaitFor(() => load.Broken.Count == 3, "the connections are reset");

        Assert.Equal(3, lbd.Relay().Ended("life"));
        Assert.Equal(0, lbd.Relay().Idle);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Backend_that_vanished_is_found_out_by_keepalive(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 1).With("keepalive { idle = 1s, interval = 1s, count = 2 }");
        Lbd lbd = Lbd.Start(topology, site.ChangeAll(s => s with { Check = "none" }));
        using Socket client = RelayClient.Connect(topology.Client, route.EndPoint);
        Assert.True(RelayClient.Answers(client));

        topology.Backends[0].Disconnect();

        Assert.True(RelayClient.EndsInReset(client), "the client saw another end");
        Assert.Equal(1, lbd.Relay().Ended("backend-lost"));
    }

    [RootFact]
    public void Client_that_vanished_is_found_out_by_keepalive()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = V4.TcpSite(topology, backends: 1).With("keepalive { idle = 1s, interval = 1s, count = 2 }");
        Lbd lbd = Lbd.Start(topology, site);
        using Socket client = RelayClient.Connect(topology.Client, V4.EndPoint);
        Assert.True(RelayClient.Answers(client));

        topology.Client.Ip($"link set {ClientDevice(topology)} down");

        lbd.WaitFor(() => lbd.Relay().Ended("client-lost") == 1, "the relay has ended the connection");
        Assert.Equal(0, lbd.Relay().Counts.Open);
    }

    [RootFact]
    public void Drain_shows_its_deadline_and_what_is_left_then_is_reset()
    {
        using Topology topology = Topology.WithEchoServers(2);
        SiteSpec site = V4.TcpSite(topology, backends: 2).With("drain-timeout = 10m");
        SiteSpec draining = site.ChangeAll(s => s.Change("b1", b => b with { Admin = "drain" }));
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, V4.EndPoint, 30);
        int had = load.ByBackend["b1"];

        lbd.Reload(draining);
        lbd.WaitFor(() => lbd.Backend("b1").Drain is { Deadline: not null }, "the drain has a deadline");
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        DrainAnswer drain = lbd.Backend("b1").Drain!;
        Assert.Equal(had, drain.TrackedFlows);
        Assert.InRange(drain.Deadline!.Value, DateTimeOffset.UtcNow.AddMinutes(8), DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.Contains("draining until", lbd.Pbm("backend", "list").Output, StringComparison.Ordinal);

        lbd.Reload(draining.With("drain-timeout = 1s"));

        lbd.WaitFor(() => load.Broken.Count == had, "the connections of b1 are reset, and no others");
        Assert.Equal(had, lbd.Relay().Ended("drain"));
        load.ExchangeOnAll();
        Assert.Equal(had, load.Broken.Count);
    }

    [RootFact]
    public void Backend_that_left_the_config_has_the_same_time()
    {
        using Topology topology = Topology.WithEchoServers(2);
        SiteSpec both = V4.TcpSite(topology, backends: 2).With("drain-timeout = 2s");
        Lbd lbd = Lbd.Start(topology, both);
        using var load = LongLivedConnections.Open(topology.Client, V4.EndPoint, 30);
        int had = load.ByBackend["b1"];

        lbd.Reload(both.ChangeAll(s => s with { Backends = s.Backends[1..] }));

        lbd.WaitFor(() => load.Broken.Count == had, "the connections of b1 are reset, and no others");
        lbd.WaitForLog("to drain is over", $"{had} connections");
    }

    [RootTheory]
    [InlineData("reset", 1)]
    [InlineData("keep", 0)]
    public void Connections_of_a_backend_that_went_down_are_treated_as_the_service_says(string onDown, int ended)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Lbd lbd = Lbd.Start(topology, V4.TcpSite(topology, backends: 2).With($"on-down = {onDown}"));
        using var load = LongLivedConnections.Open(topology.Client, V4.EndPoint, 20);
        int had = load.ByBackend["b1"];

        topology.Backends[0].Disconnect();
        lbd.WaitFor(() => lbd.Backend("b1").State == "down", "b1 is down");

        lbd.WaitFor(() => lbd.Relay().Ended("down") == ended * had, $"{ended * had} connections are reset");
        topology.Backends[0].Reconnect();
        load.ExchangeOnAll();
        Assert.Equal(ended * had, load.Broken.Count);
        Assert.Equal(20 - (ended * had), lbd.Relay().Counts.Open);
    }

    private static string ClientDevice(Topology topology) => topology.Client.Ip("-br link show")
        .Split('\n').Select(line => line.Split(['@', ' '])[0]).First(name => name is not ("lo" or ""));
}
