using System.Net;
using System.Text.Json;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Doctor;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Interception by <c>sk_lookup</c>, for VIPs that are the host's own.</summary>
public sealed class LookupTests
{
    private static readonly Route V4 = Route.Of("tproxy-v4");
    private static readonly Route V6 = Route.Of("tproxy-v6");

    [RootTheory]
    [InlineData("tproxy-v4", "client")]
    [InlineData("tproxy-v6", "client")]
    [InlineData("tproxy-v4", "node")]
    [InlineData("tproxy-v6", "node")]
    public void Dig_asks_dnsmasq(string name, string source)
    {
        using Topology topology = Topology.WithBackends(1);
        topology.OwnVips();
        Route route = Route.Of(name);
        Dnsmasq server = Dnsmasq.Start(topology, topology.Backends[0]);
        Lbd lbd = Lbd.Start(
            topology, route.UdpSite(topology, backends: 1).With($"interception = sk_lookup, source = {source}"));

        string[] answers = [.. Enumerable.Range(0, 10).Select(_ => topology.Client.Run(
            "dig", $"@{route.Vip}", "-p", $"{route.Port}", "+short", "+notcp", "+tries=1", "+time=20", Dnsmasq.Name, "A"))];

        Assert.All(answers, answer => Assert.Equal($"{Dnsmasq.Answer}\n", answer));
        IPAddress seen = source == "client"
            ? Addresses.ClientOf(route.Vip.AddressFamily)
            : IPAddress.Parse(route.OverV6 ? "fd77:2::1" : "10.77.2.1");
        Assert.Equal([.. Enumerable.Repeat($"{seen}", 10)], server.Askers(Dnsmasq.Name));
        Assert.Equal("sk_lookup", lbd.Relay().Interception?.By);
    }

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Source_of_the_node_needs_nothing_but_the_link(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.OwnVips();
        string before = RelayBed.Plumbing(topology.Lb);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, 1).With("interception = sk_lookup, source = node"));
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));

        string link = RelayBed.Lookups(topology.Lb);
        Assert.StartsWith("link sk_lookup id ", link, StringComparison.Ordinal);
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb).Replace(link, "", StringComparison.Ordinal));

        Assert.Equal(0, lbd.Stop());
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootFact]
    public void Auto_takes_it_where_the_vip_is_the_hosts_own_and_changes_with_the_address()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Lbd lbd = Lbd.Start(topology, V4.TcpSite(topology, 1).Add(V6.Service("tcp", topology.Backends)).With(
            "interception = auto"));
        Assert.All(Ways(lbd), way => Assert.Equal("tc", way));
        using var load = LongLivedConnections.Open(topology.Client, V4.EndPoint, 20);

        topology.OwnVips();
        lbd.WaitFor(() => Ways(lbd).All(way => way == "sk_lookup"), "it takes sk_lookup");
        Assert.Equal("b1", Ask.TryTcp(topology.Client, V4.EndPoint));
        Assert.Equal("b1", Ask.TryTcp(topology.Client, V6.EndPoint));
        load.ExchangeOnAll();

        topology.DisownVips();
        lbd.WaitFor(() => Ways(lbd).All(way => way == "tc"), "it takes tc again");
        Assert.Equal("b1", Ask.TryTcp(topology.Client, V4.EndPoint));
        Assert.Equal("b1", Ask.TryTcp(topology.Client, V6.EndPoint));
        load.ExchangeOnAll();
        Assert.Empty(load.Broken);
        Assert.Empty(RelayBed.Lookups(topology.Lb));
    }

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Vip_that_is_not_the_hosts_own_is_told_and_served_once_it_is(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Route other = name == "tproxy-v4" ? V6 : V4;
        SiteSpec site = route.TcpSite(topology, 1).With("interception = sk_lookup")
            .Add(other.Service("tcp", topology.Backends));
        var lbd = Lbd.Launch(topology, site);

        lbd.WaitForLog($"sk_lookup cannot take packets of {route.Vip}", "ip address add");
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, other.EndPoint) == "b1", "the other service is served");
        ServiceAnswer service = lbd.Api.Services().Services.Single(s => s.Name == $"{name}-tcp");
        Assert.False(service.InKernel);
        Assert.Contains("relay-local", Checkup.Of(topology, site).Codes);

        topology.OwnVips();
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, route.EndPoint) == "b1", "the service is served");
    }

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Next_process_takes_over_the_link_and_loses_no_connection(string name)
    {
        using Topology topology = Topology.WithEchoServers(2);
        topology.OwnVips();
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, 2).With("interception = sk_lookup"));
        string plumbing = RelayBed.PlumbingOfAny(topology.Lb);
        using var load = LongLivedConnections.Open(topology.Client, route.EndPoint, 50);
        using var fresh = NewConnections.Start(topology.Client, route.EndPoint);

        lbd.HandOver();
        fresh.WaitForMore(50);
        load.ExchangeOnAll();

        Assert.Empty(load.Broken);
        Assert.Empty(fresh.Failures);
        Assert.Equal(plumbing, RelayBed.PlumbingOfAny(topology.Lb));
        Assert.Equal("sk_lookup", lbd.Relay().Interception?.By);
    }

    [RootFact]
    public void Doctor_finds_that_the_link_was_detached()
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.OwnVips();
        SiteSpec site = V4.TcpSite(topology, 1).With("interception = sk_lookup, source = node");
        Lbd.Start(topology, site);
        Assert.DoesNotContain("relay-plumbing", Checkup.Of(topology, site).Codes);

        Detach(topology);

        FindingAnswer finding = Checkup.Of(topology, site).Findings.Single(f => f.Code == "relay-plumbing");
        Assert.Contains("the link of lb_lookup", finding.What, StringComparison.Ordinal);
    }

    [RootFact]
    public void Self_check_attaches_what_was_detached()
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.OwnVips();
        Lbd lbd = Lbd.Start(
            topology, V4.TcpSite(topology, 1).With("interception = sk_lookup") with { CheckInterval = "1s" });
        string whole = RelayBed.Plumbing(topology.Lb);

        Detach(topology);

        lbd.WaitFor(() => RelayBed.Plumbing(topology.Lb) == whole, "it is attached again");
        lbd.WaitForLog("lb_lookup was detached");
        Assert.Equal("b1", Ask.TryTcp(topology.Client, V4.EndPoint));
    }

    /// <summary>As somebody else may.</summary>
    private static void Detach(Topology topology)
    {
        string pin = $"/sys/fs/bpf/lb/{topology.Site}/netns/lb_lookup";
        using var link = JsonDocument.Parse(topology.Lb.Run("bpftool", "-j", "link", "show", "pinned", pin));
        topology.Lb.Run("bpftool", "link", "detach", "id", $"{link.RootElement.GetProperty("id")}");
    }

    private static string?[] Ways(Lbd lbd) =>
        [.. lbd.Api.Services().Services.Select(service => service.Relay?.Interception?.By)];
}
