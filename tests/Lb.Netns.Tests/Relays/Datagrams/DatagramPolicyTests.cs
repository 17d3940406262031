using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Which backend a UDP flow goes to, and when it ends.</summary>
public sealed class DatagramPolicyTests
{
    private static readonly Route Relayed = Route.Of("tproxy-v4");

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Backend_that_refuses_is_passed_over_and_the_first_question_is_answered(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        Route route = Route.Of(name);
        foreach (Backend backend in topology.Backends)
        {
            topology.Own(EchoServer.Start(backend)); // Probes are of TCP: they notice nothing.
        }

        using UdpEchoServer dying = UdpEchoServer.Start(topology.Backends[0]);
        topology.Own(UdpEchoServer.Start(topology.Backends[1]));
        Lbd lbd = Lbd.Start(topology, route.UdpSite(topology, backends: 2));
        using (var before = UdpFlows.Open(topology.Client, route.EndPoint, 30))
        {
            Assert.Equal(["b1", "b2"], before.AskAll().Distinct().Order(StringComparer.Ordinal));
        }

        dying.Dispose();

        // One question each, with no second try.
        using var flows = UdpFlows.Open(topology.Client, route.EndPoint, 30);
        Assert.Equal(["b2"], flows.AskAll().Distinct());
        Assert.Equal("up", lbd.Backend("b1").State);
        Assert.InRange(lbd.Backend("b1").Relay!.ConnectFailures, 1, 60);
        Assert.Equal(0, lbd.Backend("b2").Relay!.ConnectFailures);
        Assert.Equal(0, lbd.Relay().Refused);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Flow_goes_to_another_backend_when_its_own_begins_to_refuse(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        Route route = Route.Of(name);
        UdpEchoServer[] servers = [.. topology.Backends.Select(backend => UdpEchoServer.Start(backend))];
        Lbd.Start(
            topology,
            route.UdpSite(topology, backends: 2).ChangeAll(service => service with { Check = "none" }));
        using Socket client = topology.Client.Invoke(() => Ask.OpenUdp(route.EndPoint));
        string first = Ask.AskUdp(client, "hello").Backend;

        servers[first == "b1" ? 0 : 1].Dispose();
        client.Send("lost"u8); // The refusal comes back for this one.

        Wait.Until(() => TryAsk(client) is { } now && now != first, "the other backend answers");
        servers[first == "b1" ? 1 : 0].Dispose();
    }

    [RootFact]
    public void Failed_backend_loses_its_flows_to_others()
    {
        using Topology topology = Topology.WithBackends(2);
        EchoServer probed = EchoServer.Start(topology.Backends[0]);
        topology.Own(EchoServer.Start(topology.Backends[1]));
        topology.Backends.ToList().ForEach(backend => topology.Own(UdpEchoServer.Start(backend)));
        Lbd lbd = Lbd.Start(topology, Relayed.UdpSite(topology, backends: 2) with { Fall = 2 });
        using var flows = UdpFlows.Open(topology.Client, Relayed.EndPoint, 30);
        Assert.Contains("b1", flows.AskAll());

        probed.Dispose();
        lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");

        lbd.WaitFor(() => lbd.Backend("b1").Relay is not { Open: > 0 }, "b1 has no flows any more");
        Assert.Equal(["b2"], flows.AskAll().Distinct());
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Draining_backend_keeps_its_flows_and_a_disabled_one_loses_them(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = route.UdpSite(topology, backends: 2);
        Lbd lbd = Lbd.Start(topology, site);
        using var flows = UdpFlows.Open(topology.Client, route.EndPoint, 30);
        IReadOnlyList<string> before = flows.AskAll();

        lbd.Reload(site.ChangeAll(s => s.Change("b1", b => b with { Admin = "drain" })));
        Assert.Equal(before, flows.AskAll());
        Assert.Equal(before.Count(b => b == "b1"), lbd.Backend("b1").Drain!.TrackedFlows);
        using var others = UdpFlows.Open(topology.Client, route.EndPoint, 30);
        Assert.Equal(["b2"], others.AskAll().Distinct());

        lbd.Reload(site.ChangeAll(s => s.Change("b1", b => b with { Admin = "disabled" })));
        lbd.WaitFor(() => lbd.Backend("b1").Relay is not { Open: > 0 }, "b1 has no flows any more");
        Assert.Equal(["b2"], flows.AskAll().Distinct());
    }

    [RootFact]
    public void Datagrams_of_new_clients_above_the_limit_are_dropped_and_counted()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Lbd lbd = Lbd.Start(topology, Relayed.UdpSite(topology, backends: 1).With("connections = 5"));
        using var flows = UdpFlows.Open(topology.Client, Relayed.EndPoint, 5);
        flows.AskAll();
        using Socket sixth = topology.Client.Invoke(() => Ask.OpenUdp(Relayed.EndPoint));

        sixth.Send("hello"u8);

        lbd.WaitFor(() => lbd.Relay().Datagrams!.DroppedFull == 1, "the datagram is counted");
        Assert.Equal(["b1"], flows.AskAll().Distinct());
        Assert.False(sixth.Poll(0, SelectMode.SelectRead), "the sixth was served above the limit");
        Assert.Equal(5, lbd.Relay().Counts.Open);
        Assert.Equal(
            1, lbd.Api.Metrics()["lb_relay_datagrams_dropped_total{service=\"tproxy-v4-udp\",reason=\"full\"}"]);
    }

    [RootFact]
    public void Datagrams_without_a_backend_are_dropped_and_counted()
    {
        using Topology topology = Topology.WithBackends(1);
        using UdpEchoServer udp = UdpEchoServer.Start(topology.Backends[0]);
        EchoServer probed = EchoServer.Start(topology.Backends[0]);
        Lbd lbd = Lbd.Start(topology, Relayed.UdpSite(topology, backends: 1) with { Fall = 2 });
        probed.Dispose();
        lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");
        using Socket client = topology.Client.Invoke(() => Ask.OpenUdp(Relayed.EndPoint));

        // The relay hears of it a moment later than the API.
        int sent = 0;
        lbd.WaitFor(
            () =>
            {
                client.Send("hello"u8);
                sent++;
                return lbd.Relay().Refused > 0;
            },
            "a datagram is counted");

        lbd.WaitFor(
            () => lbd.Relay() is var relay && relay.Refused + relay.Datagrams!.ToBackends == sent,
            "each datagram is counted once");
        Assert.Equal(0, lbd.Relay().Counts.Open);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Idle_flows_end_and_their_files_are_closed(string name)
    {
        const int Flows = 2000;
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.UdpSite(topology, backends: 1).With("udp-idle-timeout = 5s"));
        int before = OpenFiles(lbd);
        using (var flows = UdpFlows.Open(topology.Client, route.EndPoint, Flows))
        {
            flows.AskAll();
            Assert.Equal(Flows, lbd.Relay().Counts.Connections);
        }

        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "all flows have ended");

        Assert.Equal(Flows, lbd.Relay().Idle);
        lbd.WaitFor(() => OpenFiles(lbd) <= before + 20, "the files are closed");
        (Greeting greeting, _) = Ask.Udp(topology.Client, route.EndPoint);
        Assert.Equal("b1", greeting.Backend);
    }

    private static string? TryAsk(Socket client)
    {
        try
        {
            client.ReceiveTimeout = 1000;
            return Ask.AskUdp(client, "again").Backend;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            return null;
        }
    }

    private static int OpenFiles(Lbd lbd) => Directory.GetFiles($"/proc/{lbd.Id}/fd").Length;
}
