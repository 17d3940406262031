using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>What connection tracking knows of relayed flows, on a host whose rules use it.</summary>
public sealed class ConntrackTests
{
    public static TheoryData<string, string> Cases { get; } = new()
    {
        { "tproxy-v4", "client" },
        { "tproxy-v4", "node" },
        { "tproxy-v6", "client" },
        { "tproxy-v6", "node" },
    };

    [RootTheory]
    [MemberData(nameof(Cases))]
    public void Tracked_both_sides_of_a_connection_have_an_entry(string name, string source)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        TrackOn(topology.Lb);
        Lbd.Start(topology, Site(topology, route, source));

        Talk(topology, route);

        Assert.Equal(2, Entries(topology.Lb, route, "tcp").Length);
        Assert.Equal(2, Entries(topology.Lb, route, "udp").Length);
    }

    [RootTheory]
    [MemberData(nameof(Cases))]
    public void Bypassing_no_side_of_a_connection_has_one(string name, string source)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        TrackOn(topology.Lb);
        Lbd lbd = Lbd.Start(topology, Site(topology, route, source) with { Conntrack = "bypass" });

        Talk(topology, route);

        Assert.Empty(Entries(topology.Lb, route, "tcp"));
        Assert.Empty(Entries(topology.Lb, route, "udp"));
        Assert.Equal(1, lbd.Relay().Counts.Connections);
    }

    [RootFact]
    public void Bypassing_others_are_tracked_and_all_is_gone_in_the_end()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        TrackOn(topology.Lb);
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd lbd = Lbd.Start(topology, Site(topology, route, "client") with { Conntrack = "bypass" });

        // Past the relay, through the node.
        Assert.NotNull(Ask.TryTcp(topology.Client, new(topology.Backends[0].V4, Addresses.ServerPort)));

        Assert.Single(Entries(topology.Lb, route, "tcp"));
        Assert.Equal(0, lbd.Stop());
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    private static SiteSpec Site(Topology topology, Route route, string source) => new SiteSpec(topology.Site)
        .Add(route.Service("tcp", topology.Backends))
        .Add(route.Service("udp", topology.Backends))
        // A probe would be tracked.
        .ChangeAll(service => service with { Check = "none" })
        .With($"source = {source}");

    /// <summary>The kernel tracks in a namespace from the first rule on that asks for it.</summary>
    private static void TrackOn(TestNamespace host)
    {
        host.Run("nft", "add table inet foreign");
        host.Run("nft", "add chain inet foreign in { type filter hook input priority filter; policy accept; }");
        host.Run("nft", "add rule inet foreign in ct state invalid counter");
    }

    private static void Talk(Topology topology, Route route)
    {
        Assert.NotNull(Ask.TryTcp(topology.Client, route.EndPoint));
        using Socket udp = topology.Client.Invoke(() => Ask.OpenUdp(route.EndPoint));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("b1", Ask.AskUdp(udp, "hello").Backend);
        }
    }

    private static string[] Entries(TestNamespace host, Route route, string protocol) =>
        host.Run("conntrack", "-L", "-p", protocol, "-f", route.OverV6 ? "ipv6" : "ipv4")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            // What asks lbd how it is.
            .Where(entry => !entry.Contains(" src=127.0.0.1 ", StringComparison.Ordinal))
            .ToArray();
}
