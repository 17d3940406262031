using System.Net;
using System.Text.Json;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Tc;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>What <c>flow lookup</c> says of real connections is where they are, also after the table has changed.</summary>
public sealed class FlowLookupTests
{
    private const int Connections = 300;

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("dsr-v6")]
    public void Lookup_agrees_with_every_connection_before_and_after_a_change(string name)
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2);
        string service = site.Services[0].Name;
        Lbd lbd = Lbd.Start(topology, site);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, Connections);
        Assert.All(load.Sockets, flow => Assert.Equal(flow.Backend, Segment(lbd, route, flow.Local)));

        lbd.Reload(site.Change(service, s => s.Add(topology.Backends[2], route.OverV6)));
        load.ExchangeOnAll();
        Assert.All(load.Sockets, flow => Assert.Equal(flow.Backend, Segment(lbd, route, flow.Local)));
        using var later = LongLivedConnections.Open(topology.Client, route.EndPoint, Connections);
        later.ExchangeOnAll();
        Assert.Contains(later.Sockets, flow => flow.Backend == "b3");
        Assert.All(later.Sockets, flow => Assert.Equal(flow.Backend, Segment(lbd, route, flow.Local)));

        IPEndPoint moved = load.Sockets.First(flow => !Lookup(lbd, route, flow.Local).GetProperty("clean").GetBoolean()).Local;
        string shown = Pbm(lbd, "flow", "lookup", "tcp", $"{moved}", $"{route.EndPoint}");
        Assert.Contains("moved, older flows at", shown, StringComparison.Ordinal);
        // The new backend got its slots when it passed its first probe.
        Assert.Contains("b3 has the slot since generation", shown, StringComparison.Ordinal);
        Assert.Contains(": b3 is up", shown, StringComparison.Ordinal);
        Assert.Contains($"backend b3 ({(route.OverV6 ? "[fd77:2::13]" : "10.77.2.13")}:8080) added to {service}", shown, StringComparison.Ordinal);
        Assert.Contains("yes, established", shown, StringComparison.Ordinal);
        Assert.Contains("by its probes since", shown, StringComparison.Ordinal);
        Assert.Contains($"| {service} |", Pbm(lbd, "flow", "show", "tcp", $"{moved}", $"{route.EndPoint}"), StringComparison.Ordinal);
        JsonElement list = lbd.Api.Run("flow", "list", ("service", service), ("limit", "10000"));
        HashSet<string> tracked = [.. list.GetProperty("flows").EnumerateArray().Select(flow => flow.GetProperty("client").GetString()!)];
        Assert.Equal(
            load.Sockets.Concat(later.Sockets)
                .Where(flow => !Lookup(lbd, route, flow.Local).GetProperty("clean").GetBoolean())
                .Select(flow => $"{flow.Local}").ToHashSet(),
            tracked.Intersect(load.Sockets.Concat(later.Sockets).Select(flow => $"{flow.Local}")).ToHashSet());
    }

    [RootFact]
    public void Lookup_after_a_restart_says_that_it_does_not_know_what_was_before()
    {
        using Topology topology = Topology.WithEchoServers(2);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 2);
        Lbd.Start(topology, site).Kill();
        Lbd second = Lbd.Start(topology, site);

        string shown = Pbm(second, "flow", "lookup", "tcp", "10.77.1.2:40000", $"{route.EndPoint}");

        Assert.Contains("had the slot when lbd started; what led to it is not known any more", shown, StringComparison.Ordinal);
        Assert.Contains("revision 1", shown, StringComparison.Ordinal);
        Assert.Contains("no VIP of this node", Pbm(second, "flow", "lookup", "udp", "10.77.1.2:40000", "192.0.2.77:80"), StringComparison.Ordinal);
        Assert.Contains("is no service of it", Pbm(second, "flow", "lookup", "tcp", "10.77.1.2:40000", $"{route.Vip}:81"), StringComparison.Ordinal);
        Assert.Contains("this is a reply", Pbm(second, "flow", "lookup", "tcp", "10.77.2.11:8080", "10.77.1.2:40000"), StringComparison.Ordinal);
        Assert.Contains("has no flows here", Pbm(second, "flow", "lookup", "icmp", "10.77.1.2", $"{route.Vip}"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Lookup_says_which_hook_forwards_the_service()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        SiteSpec site = route.TcpSite(topology, backends: 1);
        var client = IPEndPoint.Parse("10.77.1.2:40000");
        Lbd lbd = Lbd.Start(topology, site);
        Assert.Contains("xdp: client0 native", Pbm(lbd, "flow", "lookup", "tcp", $"{client}", $"{route.EndPoint}"), StringComparison.Ordinal);
        Assert.Equal("xdp", Lookup(lbd, route, client).GetProperty("hook").GetString());

        lbd.Reload(site.At("tc"));

        Assert.Contains("tc: client0", Pbm(lbd, "flow", "lookup", "tcp", $"{client}", $"{route.EndPoint}"), StringComparison.Ordinal);
        Assert.Equal("tc", Lookup(lbd, route, client).GetProperty("hook").GetString());
    }

    private static JsonElement Lookup(Lbd lbd, Route route, IPEndPoint client) => lbd.Api.Run(
        "flow", "lookup", ("protocol", "tcp"), ("client", $"{client}"), ("vip", $"{route.EndPoint}"));

    /// <summary>The backend of the connection's next segment.</summary>
    private static string? Segment(Lbd lbd, Route route, IPEndPoint client) => Lookup(lbd, route, client)
        .GetProperty("packets").EnumerateArray()
        .Single(packet => packet.GetProperty("packet").GetString() == "segment")
        .GetProperty("backend").GetProperty("backend").GetString();

    private static string Pbm(Lbd lbd, params string[] arguments)
    {
        (int code, string output, string error) = lbd.Pbm(arguments);
        Assert.True(code == 0, $"pbm {string.Join(' ', arguments)} ended with {code}: {error}{output}\n{lbd.Story()}");
        return output;
    }
}
