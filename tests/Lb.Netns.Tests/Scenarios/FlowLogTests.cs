using System.Globalization;
using System.Net;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>The flow log of a real lbd under real connections.</summary>
public sealed class FlowLogTests
{
    private const int Connections = 60;

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    [InlineData("dsr-v4")]
    [InlineData("dsr-v6")]
    public void Every_request_of_curl_has_a_begin_and_an_end_with_the_backend_that_answered(string name)
    {
        using Topology topology = Topology.WithBackends(3);
        foreach (Backend backend in topology.Backends)
        {
            Nginx.Start(topology, backend);
        }

        Route route = Route.Of(name);
        SiteSpec site = Logging(topology, route, "full");
        Lbd lbd = Lbd.Start(topology, site);

        Dictionary<int, string> answers = Curl(topology, route, Connections);

        List<FlowLogLine> lines = WaitForLines(lbd, site, 2 * Connections);
        foreach ((int port, string answered) in answers)
        {
            FlowLogLine[] flow = [.. lines.Where(l => l.ClientPort == port)];
            Assert.Equal(["begin", "end"], flow.Select(l => l.Event));
            Assert.All(flow, line => Assert.Equal(answered, line.Backend));
        }

        Assert.Equal(2 * Connections, lines.Count);
        Assert.All(lines, line => AssertIsOf(line, topology, route));
        Assert.Equal(["b1", "b2", "b3"], lines.Select(l => l.Backend).Distinct().Order());
        Assert.Equal(2 * Connections, lbd.Api.Metrics()["lb_flow_log_events_total"]);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Sample_is_its_share_and_a_reload_changes_it_and_turns_it_off(string name)
    {
        const int Flows = 600;
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec sampled = Logging(topology, route, "sampled") with { LogSample = 4 };
        Lbd lbd = Lbd.Start(topology, sampled);
        string vips = route.OverV6 ? "lb_vips6" : "lb_vips4";

        Connect(topology, route, Flows);
        // Five standard deviations around a quarter.
        WaitForShare(lbd, sampled, Flows / 4, 53);
        List<FlowLogLine> lines = FlowLogFile.Read(sampled.FlowLogFile!);
        Assert.Equal(
            lines.Where(l => l.Event == "begin").Select(l => l.Source).Order(),
            lines.Where(l => l.Event == "end").Select(l => l.Source).Order());

        lbd.Reload(sampled with { LogSample = 1 });
        lbd.WaitFor(() => InKernel(topology, "lb_node", "\"sample\": 1\n"), "the kernel samples all");
        int before = lines.Count;
        Connect(topology, route, 20);
        lines = WaitForFlows(lbd, sampled, before, 20);

        lbd.Reload(sampled.ChangeAll(service => service with { FlowLog = "off" }));
        lbd.WaitFor(() => !InKernel(topology, vips, "\"logging\": 1"), "the kernel logs nothing");
        Connect(topology, route, 20);
        lbd.Reload(sampled.ChangeAll(service => service with { FlowLog = "full" }));
        lbd.WaitFor(() => InKernel(topology, vips, "\"logging\": 2"), "the kernel logs everything");
        Connect(topology, route, 1);
        WaitForFlows(lbd, sampled, lines.Count, 1);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Flow_of_udp_is_logged_once(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of(name);
        SiteSpec site = new SiteSpec(topology.Site)
        {
            FlowLogFile = Path.Combine(topology.Folder, "flows.jsonl"),
        }.Add(route.Service("udp", topology.Backends) with { FlowLog = "full" });
        Lbd lbd = Lbd.Start(topology, site);

        Dictionary<int, string> answers = [];
        for (int i = 0; i < 20; i++)
        {
            (Greeting greeting, IPEndPoint local) = Ask.Udp(topology.Client, route.EndPoint);
            answers[local.Port] = greeting.Backend;
        }

        List<FlowLogLine> lines = WaitForLines(lbd, site, answers.Count);
        Assert.Equal(answers.Count, lines.Count);
        Assert.All(lines, line => Assert.Equal(("begin", "udp", answers[line.ClientPort]), (line.Event, line.Protocol, line.Backend)));
    }

    [RootFact]
    public void Flows_of_moved_slots_say_so_and_those_while_lbd_was_away_are_logged_when_it_is_back()
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of("nat-v4");
        SiteSpec three = Logging(topology, route, "full");
        SiteSpec two = three with { Services = [three.Services[0] with { Backends = three.Services[0].Backends[..2] }] };
        Lbd first = Lbd.Start(topology, two);
        first.Reload(three);
        first.WaitFor(
            () => Ask.Spread(topology.Client, route.EndPoint, 20).ContainsKey("b3"), "new connections reach b3");
        first.WaitFor(
            () => FlowLogFile.Read(two.FlowLogFile!).Any(l => l is { Backend: "b3", Tracked: true, Moved: true }),
            "a tracked flow of a moved slot on b3 is in the log");

        first.Kill();
        (_, IPEndPoint local) = Ask.Tcp(topology.Client, route.EndPoint);
        Lbd second = Lbd.Start(topology, three);

        second.WaitFor(
            () => FlowLogFile.Read(two.FlowLogFile!).Any(l => l.ClientPort == local.Port && l.Service is not null),
            "the flow that began while nobody read is in the log, with its names");
    }

    [RootFact]
    public void File_that_was_moved_away_is_opened_anew_on_sighup()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        SiteSpec site = Logging(topology, route, "full");
        Lbd lbd = Lbd.Start(topology, site);
        Connect(topology, route, 1);
        WaitForLines(lbd, site, 2);

        File.Move(site.FlowLogFile!, $"{site.FlowLogFile}.1");
        lbd.Reload(site);
        Connect(topology, route, 1);

        Assert.Equal(2, WaitForLines(lbd, site, 2).Count);
        Assert.Equal(2, FlowLogFile.Read($"{site.FlowLogFile}.1").Count);
    }

    [RootFact]
    public void File_that_cannot_be_written_costs_lines_and_no_connection()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        Lbd lbd = Lbd.Start(topology, Logging(topology, route, "full") with { FlowLogFile = "/dev/full" });

        Connect(topology, route, 10);

        lbd.WaitFor(
            () => lbd.Api.Metrics()["lb_flow_log_lost_total{reason=\"write\"}"] >= 20, "all lines are counted as lost");
        Assert.Single(lbd.LogLines("/dev/full", "lb.flow-log.path"));
    }

    [RootFact]
    public void What_cannot_be_is_named()
    {
        using Topology topology = Topology.WithBackends(1);
        SiteSpec site = Logging(topology, Route.Of("nat-v4"), "fully") with { FlowLogFile = "flows", LogSample = 0 };

        (int exitCode, string output, string error) = Lbd.Run(topology, site.ToHocon(), "--check");

        Assert.Equal(2, exitCode);
        Assert.All(
            (string[])["\"fully\" is not known", "lb.flow-log.path", "lb.flow-log.sample-rate"],
            problem => Assert.Contains(problem, output + error, StringComparison.Ordinal));
    }

    private static SiteSpec Logging(Topology topology, Route route, string logging) =>
        (route.TcpSite(topology, topology.Backends.Count) with
        {
            FlowLogFile = Path.Combine(topology.Folder, "flows.jsonl"),
        }).ChangeAll(service => service with { FlowLog = logging });

    /// <summary>Requests of curl: which backend answered which port of the client.</summary>
    private static Dictionary<int, string> Curl(Topology topology, Route route, int count)
    {
        string url = $"http://{route.EndPoint}/";
        string script = $"for i in $(seq {count}); do curl -sS --max-time 10 -w '%{{local_port}}' '{url}' | tr '\\n' ' '; echo; done";
        return topology.Client.Run("bash", "-c", script)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => int.Parse(words[^1], CultureInfo.InvariantCulture), words => words[0]);
    }

    /// <summary>What bpftool reads of a map that the site has pinned.</summary>
    private static bool InKernel(Topology topology, string map, string text) => Command.Run(
        "bpftool", "map", "dump", "pinned", $"/sys/fs/bpf/lb/{topology.Site}/maps/{map}")
        .Contains(text, StringComparison.Ordinal);

    private static void Connect(Topology topology, Route route, int count) =>
        Assert.Equal(count, Ask.Spread(topology.Client, route.EndPoint, count).Values.Sum());

    private static List<FlowLogLine> WaitForLines(Lbd lbd, SiteSpec site, int count)
    {
        lbd.WaitFor(() => FlowLogFile.Read(site.FlowLogFile!).Count >= count, $"{count} lines are in the flow log");
        return FlowLogFile.Read(site.FlowLogFile!);
    }

    /// <summary>
    /// Waits until so many flows have begun and ended since, and no more. A FIN that is sent again may end one that began before,
    /// and was in no sample then.
    /// </summary>
    private static List<FlowLogLine> WaitForFlows(Lbd lbd, SiteSpec site, int before, int flows)
    {
        lbd.WaitFor(() => Begun(false) >= flows && Begun(true) >= flows, $"{flows} flows more are in the flow log");
        Assert.Equal((flows, flows), (Begun(false), Begun(true)));
        return FlowLogFile.Read(site.FlowLogFile!);

        int Begun(bool ended)
        {
            FlowLogLine[] since = [.. FlowLogFile.Read(site.FlowLogFile!).Skip(before)];
            return since.Count(line => line.Event == "begin"
                && (!ended || since.Any(end => end.Event == "end" && end.Source == line.Source)));
        }
    }

    /// <summary>Waits until as many flows began as are to be in the sample, give or take, and all of them have ended.</summary>
    private static void WaitForShare(Lbd lbd, SiteSpec site, int expected, int slack) => lbd.WaitFor(
        () =>
        {
            List<FlowLogLine> lines = FlowLogFile.Read(site.FlowLogFile!);
            int begun = lines.Count(l => l.Event == "begin");
            return Math.Abs(begun - expected) <= slack && lines.Count == 2 * begun;
        },
        $"about {expected} flows are in the flow log");

    private static void AssertIsOf(FlowLogLine line, Topology topology, Route route)
    {
        Backend backend = topology.Backends.Single(b => b.Name == line.Backend);
        Assert.Equal($"{(route.OverV6 ? backend.V6 : backend.V4)}", line.BackendAddress);
        Assert.Equal(Addresses.ServerPort, line.BackendPort);
        Assert.Equal(($"{route.Vip}", route.Port, "tcp"), (line.Vip, line.VipPort, line.Protocol));
        Assert.Equal($"{Addresses.ClientOf(route.Vip.AddressFamily)}", line.Client);
        Assert.Equal($"{route.Name}-tcp", line.Service);
        Assert.Equal(("xdp", false, false), (line.Hook, line.Tracked, line.Moved));
        Assert.True(line.Generation > 0, "the generation is not known");
        Assert.InRange(line.Time, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(1));
    }
}
