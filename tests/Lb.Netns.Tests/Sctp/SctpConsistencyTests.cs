using System.Net;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Tc;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Sctp;

/// <summary>No change of a pool breaks an association, and what is said of it is true.</summary>
public sealed class SctpConsistencyTests
{
    private const int Associations = 60;

    [RootTheory]
    [InlineData("dsr-v4", "xdp")]
    [InlineData("gue-v6", "xdp")]
    [InlineData("l2-v4", "tc")]
    [InlineData("dsr-v6", "tc")]
    public void Associations_survive_add_drain_weight_change_and_reload(string name, string hook)
    {
        using Topology topology = Topology.WithEchoServers(4);
        SctpEchoServer[] servers = [.. topology.Backends.Select(backend => topology.Own(SctpEchoServer.Start(backend)))];
        Route route = Route.Of(name);
        SiteSpec site = Site(topology, route).At(hook);
        string service = site.Services[0].Name;
        Lbd lbd = Lbd.Start(topology, site);
        List<SctpAssociation> load = Open(topology, route);
        Assert.Equal(["b1", "b2", "b3"], load.Select(a => a.Backend!).Distinct().Order());

        lbd.Reload(site = site.Change(service, s => s.Add(topology.Backends[3], route.OverV6)));
        NewOnesReach("b4");
        NothingBroke();

        lbd.Reload(site = site.Change(service, s => s.Change("b2", b => b with { Admin = "drain" })));
        lbd.WaitFor(() => !Ends(topology, route, 10).Contains("b2"), "new associations avoid b2");
        NothingBroke();

        lbd.Reload(site = site.Change(service, s => s.Change("b1", b => b with { Weight = 300 })));
        lbd.Reload(site);
        NothingBroke();

        load.ForEach(association => Assert.Equal(association.Backend, Lookup(lbd, route, association, "segment")));
        Assert.Contains("An INIT goes", Pbm(lbd, route, load[0]), StringComparison.Ordinal);
        load.ForEach(association => association.Shutdown());
        Wait.Until(() => servers.Sum(server => server.Open) == 0, "the backends know that all have ended");
        load.ForEach(association => association.Dispose());

        void NewOnesReach(string backend) =>
            lbd.WaitFor(() => Ends(topology, route, 20).Contains(backend), $"new associations reach {backend}");

        void NothingBroke() => load.ForEach(association =>
        {
            string? before = association.Backend;
            Assert.True(association.Ask("still there?").Backend == before, $"{association.Local} left {before}\n{lbd.Story()}");
        });
    }

    [RootFact]
    public void Client_that_begins_again_with_its_port_meets_the_end_that_knows_it()
    {
        using Topology topology = Topology.WithEchoServers(3);
        topology.Backends.ToList().ForEach(backend => topology.Own(SctpEchoServer.Start(backend)));
        Route route = Route.Of("dsr-v4");
        SiteSpec site = Site(topology, route, backends: 2);
        Lbd lbd = Lbd.Start(topology, site);
        List<SctpAssociation> load = Open(topology, route);

        lbd.Reload(site.Change(site.Services[0].Name, s => s.Add(topology.Backends[2], route.OverV6)));
        lbd.WaitFor(() => Ends(topology, route, 20).Contains("b3"), "new associations reach b3");
        load.ForEach(association => association.Ask("older than the change"));

        foreach (SctpAssociation old in load)
        {
            using var again = SctpAssociation.Open(topology.Client, route.EndPoint, old.Local.Port);
            Assert.Equal(old.Backend, again.Ask("restarted").Backend);
            old.Dispose();
        }
    }

    [RootTheory]
    [InlineData("xdp")]
    [InlineData("tc")]
    public void Flow_log_has_the_beginning_and_the_end_of_every_association(string hook)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.Backends.ToList().ForEach(backend => topology.Own(SctpEchoServer.Start(backend)));
        Route route = Route.Of("dsr-v6");
        SiteSpec site = (Site(topology, route, backends: 2) with { FlowLogFile = Path.Combine(topology.Folder, "flows.jsonl") })
            .ChangeAll(service => service with { FlowLog = "full" }).At(hook);
        Lbd lbd = Lbd.Start(topology, site);
        List<SctpAssociation> load = Open(topology, route, 10);

        load[..5].ForEach(association => association.Shutdown());
        load[5..].ForEach(association => association.Abort());

        lbd.WaitFor(() => FlowLogFile.Read(site.FlowLogFile!).Count >= 20, "20 lines are in the flow log");
        List<FlowLogLine> lines = FlowLogFile.Read(site.FlowLogFile!);
        Assert.Equal(20, lines.Count);
        foreach (SctpAssociation association in load)
        {
            FlowLogLine[] flow = [.. lines.Where(line => line.ClientPort == association.Local.Port)];
            Assert.Equal(["begin", "end"], flow.Select(line => line.Event));
            Assert.All(flow, line => Assert.Equal(("sctp", association.Backend, hook), (line.Protocol, line.Backend, line.Hook)));
            association.Dispose();
        }

        string text = File.ReadAllText(site.FlowLogFile!);
        Assert.Equal((5, 5), (text.Split("\"by\":\"shutdown\"").Length - 1, text.Split("\"by\":\"abort\"").Length - 1));
        Assert.Equal(10, lbd.Api.Metrics()[$"lb_service_new_flows_total{{service=\"{site.Services[0].Name}\"}}"]);
    }

    private static SiteSpec Site(Topology topology, Route route, int backends = 3) =>
        new SiteSpec(topology.Site).Add(route.Service("sctp", topology.Backends.Take(backends)));

    private static List<SctpAssociation> Open(Topology topology, Route route, int count = Associations)
    {
        List<SctpAssociation> opened = [];
        for (int i = 0; i < count; i++)
        {
            opened.Add(topology.Own(SctpAssociation.Open(topology.Client, route.EndPoint)));
            opened[^1].Ask("hello");
        }

        return opened;
    }

    /// <summary>Backends of associations that begin and end at once.</summary>
    private static HashSet<string> Ends(Topology topology, Route route, int count)
    {
        HashSet<string> reached = [];
        for (int i = 0; i < count; i++)
        {
            using var association = SctpAssociation.Open(topology.Client, route.EndPoint);
            reached.Add(association.Ask("hello").Backend);
            association.Shutdown();
        }

        return reached;
    }

    private static string? Lookup(Lbd lbd, Route route, SctpAssociation association, string packet) =>
        Lookup(lbd, route, association.Local, packet);

    /// <summary>Where a kind of packet of a client goes.</summary>
    internal static string? Lookup(Lbd lbd, Route route, IPEndPoint client, string packet) => lbd.Api
        .Run("flow", "lookup", ("protocol", "sctp"), ("client", $"{client}"), ("vip", $"{route.EndPoint}"))
        .GetProperty("packets").EnumerateArray()
        .Single(choice => choice.GetProperty("packet").GetString() == packet)
        .GetProperty("backend").GetProperty("backend").GetString();

    private static string Pbm(Lbd lbd, Route route, SctpAssociation association)
    {
        (int code, string output, string error) = lbd.Pbm("flow", "lookup", "sctp", $"{association.Local}", $"{route.EndPoint}");
        Assert.True(code == 0, error);
        return output;
    }
}
