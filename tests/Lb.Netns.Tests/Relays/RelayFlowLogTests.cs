using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Relayed connections in the flow log.</summary>
public sealed class RelayFlowLogTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Every_request_of_curl_has_a_begin_and_an_end_with_backend_bytes_and_reason(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        Nginx.Start(topology, topology.Backends[0]);
        Nginx.Start(topology, topology.Backends[1]);
        Route route = Route.Of(name);
        SiteSpec site = Logging(topology, route, 2, "full");
        Lbd lbd = Lbd.Start(topology, site);
        Dictionary<int, string> answers = Enumerable.Range(0, 20)
            .Select(_ => topology.Client.Run(
                "curl", "-sSf", "-m", "10", "-w", "%{local_port}", $"http://{route.EndPoint}/").Split([' ', '\n']))
            .ToDictionary(words => int.Parse(words[^1], null), words => words[0]);

        List<FlowLogLine> lines = WaitForLines(lbd, site, 40);

        Assert.Equal(40, lines.Count);
        foreach ((int port, string answered) in answers)
        {
            FlowLogLine[] flow = [.. lines.Where(line => line.ClientPort == port)];
            Assert.Equal(["begin", "end"], flow.Select(line => line.Event));
            Assert.All(flow, line => AssertIsOf(line, topology, route, answered));
            Assert.Equal(("fin", "client-fin"), (flow[1].By, flow[1].Reason));
            Assert.InRange(flow[1].BytesToBackend, 60, 200);
            Assert.InRange(flow[1].BytesToClient, 100, 1000);
            Assert.InRange(flow[1].DurationMs, 0, 10_000);
        }

        Assert.Equal(lines.Sum(line => line.BytesToClient), lbd.Relay().Counts.BytesToClients);
        Assert.Equal(40, lbd.Api.Metrics()["lb_flow_log_events_total"]);
    }

    [RootTheory]
    [InlineData("backend-fin", "")]
    [InlineData("client-reset", "")]
    [InlineData("backend-reset", "")]
    [InlineData("idle", "idle-timeout = 1s")]
    [InlineData("life", "life-timeout = 1s")]
    [InlineData("cut", "")]
    [InlineData("drain", "drain-timeout = 1s")]
    [InlineData("ended", "")]
    public void End_of_a_connection_says_why(string reason, string relay)
    {
        using Topology topology = Topology.WithBackends(1);
        EchoServer echo = EchoServer.Start(topology.Backends[0]);
        SiteSpec site = Logging(topology, V4, 1, "full").With(relay);
        Lbd lbd = Lbd.Start(topology, site);
        using Socket client = RelayClient.Connect(topology.Client, V4.EndPoint);
        Assert.True(RelayClient.Answers(client));

        switch (reason)
        {
            case "backend-fin":
                echo.Finish();
                Assert.False(RelayClient.EndsInReset(client), "the client saw no FIN");
                client.Shutdown(SocketShutdown.Send);
                break;
            case "client-reset":
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                client.Dispose();
                break;
            case "backend-reset":
                echo.Dispose();
                break;
            case "cut" or "drain":
                string admin = reason == "cut" ? "disabled" : "drain";
                lbd.Reload(site.ChangeAll(s => s.Change("b1", b => b with { Admin = admin })));
                break;
            case "ended":
                lbd.Reload(site with { Services = [] });
                break;
            default:
                break;
        }

        FlowLogLine end = WaitForLines(lbd, site, 2)[1];
        Assert.Equal(("end", reason, "b1"), (end.Event, end.Reason, end.Backend ?? "b1"));
        Assert.Equal(reason == "backend-fin" ? "fin" : "rst", end.By);
        Assert.Equal($"{topology.Backends[0].V4}", end.BackendAddress);
        Assert.True(end.BytesToClient > 0, "no byte is counted");
    }

    [RootFact]
    public void Connection_without_a_backend_has_an_end_alone()
    {
        using Topology topology = Topology.WithBackends(1);
        SiteSpec site = Logging(topology, V4, 1, "full").ChangeAll(s => s with { Check = "none" });
        Lbd lbd = Lbd.Start(topology, site);

        Assert.Null(Ask.TryTcp(topology.Client, V4.EndPoint));

        FlowLogLine end = Assert.Single(WaitForLines(lbd, site, 1));
        Assert.Equal(("end", "rst", "connect-failed", null), (end.Event, end.By, end.Reason, end.Backend));
        Assert.Equal(0, end.BytesToBackend + end.BytesToClient);
    }

    [RootFact]
    public void Sample_is_its_share_of_whole_flows_and_off_is_none()
    {
        const int Flows = 400;
        using Topology topology = Topology.WithEchoServers(2);
        SiteSpec sampled = Logging(topology, V4, 2, "sampled") with { LogSample = 4 };
        Lbd lbd = Lbd.Start(topology, sampled);

        Ask.Spread(topology.Client, V4.EndPoint, Flows);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "all have ended");
        lbd.WaitFor(
            () => FlowLogFile.Read(sampled.FlowLogFile!) is var lines
                && lines.Count == lbd.Api.Metrics()["lb_flow_log_events_total"],
            "all lines are written");
        List<FlowLogLine> first = FlowLogFile.Read(sampled.FlowLogFile!);
        // Five standard deviations around a quarter.
        Assert.InRange(first.Count(line => line.Event == "begin"), 100 - 43, 100 + 43);
        Assert.Equal(
            first.Where(line => line.Event == "begin").Select(line => line.Source).Order(),
            first.Where(line => line.Event == "end").Select(line => line.Source).Order());

        lbd.Reload(sampled.ChangeAll(service => service with { FlowLog = "off" }));
        Ask.Spread(topology.Client, V4.EndPoint, 40);
        lbd.Reload(sampled.ChangeAll(service => service with { FlowLog = "full" }));
        Ask.Spread(topology.Client, V4.EndPoint, 1);

        Assert.Equal(first.Count + 2, WaitForLines(lbd, sampled, first.Count + 2).Count);
    }

    private static SiteSpec Logging(Topology topology, Route route, int backends, string logging) =>
        (route.TcpSite(topology, backends) with
        {
            FlowLogFile = Path.Combine(topology.Folder, "flows.jsonl"),
        }).ChangeAll(service => service with { FlowLog = logging });

    private static List<FlowLogLine> WaitForLines(Lbd lbd, SiteSpec site, int count)
    {
        lbd.WaitFor(() => FlowLogFile.Read(site.FlowLogFile!).Count >= count, $"{count} lines are in the flow log");
        return FlowLogFile.Read(site.FlowLogFile!);
    }

    private static void AssertIsOf(FlowLogLine line, Topology topology, Route route, string backend)
    {
        Backend answered = topology.Backends.Single(b => b.Name == backend);
        Assert.Equal(backend, line.Backend);
        Assert.Equal($"{(route.OverV6 ? answered.V6 : answered.V4)}", line.BackendAddress);
        Assert.Equal(Addresses.ServerPort, line.BackendPort);
        Assert.Equal(($"{route.Vip}", route.Port, "tcp"), (line.Vip, line.VipPort, line.Protocol));
        Assert.Equal($"{Addresses.ClientOf(route.Vip.AddressFamily)}", line.Client);
        Assert.Equal(($"{route.Name}-tcp", "relay"), (line.Service, line.Hook));
        Assert.True(line.Generation > 0, "the generation is not known");
        Assert.InRange(line.Time, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(1));
    }
}
