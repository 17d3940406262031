using System.Net;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>The ways to take packets to a relay: each alone, one after the other under load, and which is chosen.</summary>
public sealed class InterceptionKindTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");

    /// <summary>Every way for a VIP of each family.</summary>
    public static TheoryData<string, string> Ways
    {
        get
        {
            TheoryData<string, string> ways = [];
            foreach (string kind in (string[])["tproxy", "tc", "sk_lookup"])
            {
                ways.Add("tproxy-v4", kind);
                ways.Add("tproxy-v6", kind);
            }

            return ways;
        }
    }

    [RootTheory]
    [MemberData(nameof(Ways))]
    public void Nginx_sees_the_address_of_curl(string name, string interception)
    {
        using Topology topology = Topology.WithBackends(2);
        topology.OwnVips(interception);
        Nginx.Start(topology, topology.Backends[0]);
        Nginx.Start(topology, topology.Backends[1]);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2).With($"interception = {interception}"));

        string[] answers = [.. Enumerable.Range(0, 20).Select(
            _ => topology.Client.Run("curl", "-sSf", "-m", "5", $"http://{route.EndPoint}/"))];

        IPAddress client = Addresses.ClientOf(route.Vip.AddressFamily);
        Assert.Equal([$"b1 {client}\n", $"b2 {client}\n"], answers.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(interception, lbd.Relay().Interception?.By);
        string rules = topology.Lb.Run("nft", "list", "ruleset");
        Assert.Equal(interception == "tproxy", rules.Contains("tproxy", StringComparison.Ordinal));
        // Answers of backends to the client's address are none for the host: sk_lookup leaves them to lb_tc.
        Assert.Equal(
            interception != "tproxy",
            RelayBed.TrafficControl(topology.Lb).Contains($"lb_{topology.Site}", StringComparison.Ordinal));
        Assert.Equal(
            interception == "sk_lookup",
            RelayBed.Lookups(topology.Lb).Contains("sk_lookup", StringComparison.Ordinal));
    }

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Change_of_the_way_loses_no_connection(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.OwnVips();
        Route route = Route.Of(name);
        SiteSpec site = route.TcpSite(topology, backends: 2);
        Lbd lbd = Lbd.Start(topology, site.With("interception = tproxy"));
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 100);
        using var fresh = NewConnections.Start(topology.Client, route.EndPoint);

        foreach (string kind in (string[])["tc", "sk_lookup", "tproxy", "sk_lookup", "tc", "auto"])
        {
            lbd.Reload(site.With($"interception = {kind}"));
            lbd.WaitFor(
                () => lbd.Relay().Interception?.By == (kind == "auto" ? "sk_lookup" : kind), $"its packets come by {kind}");
            load.ExchangeOnAll();
            fresh.WaitForMore(50);
        }

        Assert.Empty(load.Broken);
        Assert.Empty(fresh.Failures);
    }

    [RootFact]
    public void Auto_takes_the_table_of_nftables_where_backends_answer_by_an_interface_without_the_program()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec site = V4.TcpSite(topology, backends: 1) with { Interfaces = ["client0"] };
        Lbd lbd = Lbd.Start(topology, site.With("interception = auto"));

        Assert.NotNull(Ask.TryTcp(topology.Client, V4.EndPoint));
        lbd.WaitFor(
            () => lbd.Relay().Interception is { By: "tproxy" } choice
                && choice.Reason.Contains("lb.interfaces", StringComparison.Ordinal),
            "it says why it is tproxy");
        Assert.Contains("come to it by tproxy: ", lbd.Pbm("service", "show", "tproxy-v4-tcp").Output, StringComparison.Ordinal);
    }
}
