using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Drift;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Services of port ranges with nat: backends get the port that was asked for, and answer from it.</summary>
public sealed class NatRangeTests
{
    private const int First = 8080;
    private const int Silent = 8085;
    private const int Last = 8089;

    public static TheoryData<string, string> Ways { get; } = new()
    {
        { "nat-v4", "xdp" },
        { "nat-v6", "xdp" },
        { "nat-v4", "tc" },
        { "nat-v6", "tc" },
    };

    [RootTheory]
    [MemberData(nameof(Ways))]
    public void Ports_fragments_and_errors_go_both_ways(string name, string hook)
    {
        using Topology topology = Topology.WithBackends(2);
        Route route = Route.Of(name);
        Serve(topology);
        if (hook == "tc")
        {
            topology.OffloadSenders();
        }

        Lbd lbd = Lbd.Start(topology, Site(topology, route, hook));
        using var first = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, First), 10);
        using var last = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, Last), 10);
        first.ExchangeOnAll();
        last.ExchangeOnAll();
        Assert.Empty((string[])[.. first.Broken, .. last.Broken]);
        foreach (int port in (int[])[First, Last])
        {
            Assert.Matches("^b[12]$", Ask.Udp(topology.Client, new IPEndPoint(route.Vip, port)).Greeting.Backend);
            Assert.Matches("^b[12]$", Ask.InFragments(topology.Client, new IPEndPoint(route.Vip, port)));
        }

        Assert.Equal(SocketError.ConnectionRefused, Ask.UdpError(topology.Client, new IPEndPoint(route.Vip, Silent)));
        Backend backend = topology.Backends[0];
        IPAddress address = route.OverV6 ? backend.V6 : backend.V4;
        Assert.Contains(
            $"It gets {new IPEndPoint(route.Vip, Last)} as its source",
            lbd.Pbm("flow", "lookup", "udp", $"{new IPEndPoint(address, Last)}", $"{new IPEndPoint(Addresses.ClientOf(address.AddressFamily), 40_000)}").Output,
            StringComparison.Ordinal);
        Assert.Equal(0, lbd.Pbm("kernel", "check").ExitCode);
    }

    [RootTheory]
    [InlineData("nat-v4")]
    [InlineData("nat-v6")]
    public void Live_range_moves_to_full_nat_and_back_without_a_loss(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        topology.AddSources();
        Route route = Route.Of(name);
        Serve(topology);
        SiteSpec nat = Site(topology, route, "auto").ChangeAll(service => service with { FlowMemory = "3s" }).WithSources();
        SiteSpec full = nat.ChangeAll(service => service with { Mode = "full-nat" });
        Lbd lbd = Lbd.Start(topology, nat);
        using var older = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, Last), 20);

        lbd.Reload(full);
        lbd.WaitFor(() => Tcp(lbd) is { OlderMode: "nat", InKernel: true }, "new connections go by full-nat");
        using var newer = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, First), 20);
        older.ExchangeOnAll();
        newer.ExchangeOnAll();
        Assert.Empty(older.Broken);
        older.Dispose();
        lbd.WaitFor(() => Tcp(lbd) is { OlderMode: null, InKernel: true }, "the last flow of nat has ended");

        lbd.Reload(nat);
        lbd.WaitFor(() => Tcp(lbd) is { OlderMode: "full-nat", InKernel: true }, "new connections go by nat");
        newer.ExchangeOnAll();
        Assert.Empty(newer.Broken);
        Assert.NotNull(Ask.TryTcp(topology.Client, new IPEndPoint(route.Vip, Last)));
    }

    [RootTheory]
    [InlineData("nat-v4", "tproxy")]
    [InlineData("nat-v6", "tc")]
    [InlineData("nat-v6", "tproxy")]
    public void Relay_takes_a_port_out_of_the_range_at_the_same_backend(string name, string interception)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        Serve(topology);
        topology.Own(EchoServer.Start(topology.Backends[0], Silent));
        ServiceSpec relay = Ranged("relayed", route, topology.Backends, "auto") with
        {
            Mode = "tproxy",
            Protocol = "tcp",
            Port = Silent,
            Tracking = "none",
            Relay = $"interception = {interception}",
            Keys = "",
        };
        Lbd lbd = Lbd.Start(topology, Site(topology, route, "auto").Add(relay));
        using var relayed = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, Silent), 10);
        using var ranged = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, Last), 10);
        relayed.ExchangeOnAll();
        ranged.ExchangeOnAll();
        Assert.Empty((string[])[.. relayed.Broken, .. ranged.Broken]);
        Assert.Equal(0, lbd.Pbm("kernel", "check").ExitCode);
    }

    [RootFact]
    public void Replies_that_could_not_be_told_apart_are_refused_with_both_services()
    {
        using Topology topology = Topology.WithBackends(2);
        Route route = Route.Of("nat-v4");
        Serve(topology);
        ServiceSpec wide = Ranged("tcp", route, topology.Backends, "xdp");
        ServiceSpec other = Ranged("other", route, [topology.Backends[1]], "xdp") with
        {
            Protocol = "tcp",
            Vip = Addresses.DsrVip4,
        };
        SiteSpec apart = new SiteSpec(topology.Site).Add(wide with { Backends = [wide.Backends[0]] }).Add(other);

        (int code, string _, string error) = Lbd.Run(topology, apart.Change("tcp", _ => wide).ToHocon(), "--check");
        Assert.Equal(2, code);
        Assert.Contains("tcp 10.77.2.12:8080-8089 of nat service", error, StringComparison.Ordinal);
        Assert.Contains("could belong to either VIP", error, StringComparison.Ordinal);
        Assert.Contains("other ports or another backend address", error, StringComparison.Ordinal);

        Lbd lbd = Lbd.Start(topology, apart);
        (code, string said, error) = lbd.Pbm("backend", "add", "tcp", "b2", $"address={topology.Backends[1].V4}");
        Assert.NotEqual(0, code);
        Assert.Contains("nat service", said + error, StringComparison.Ordinal);
        Assert.Contains("other", said + error, StringComparison.Ordinal);
        Assert.Equal("b1", Ask.TryTcp(topology.Client, new IPEndPoint(route.Vip, First)));
        Assert.Equal("b2", Ask.TryTcp(topology.Client, new IPEndPoint(Addresses.DsrVip4, Last)));
    }

    [RootTheory]
    [InlineData("lb_nat_hosts4", "replies do not find the backends")]
    [InlineData("lb_nat_ports", "replies do not find the backends")]
    [InlineData("lb_nat4", "reply side of backend")]
    public void What_somebody_deletes_is_found_named_and_repaired(string map, string words)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("nat-v4");
        Serve(topology);
        Lbd lbd = Lbd.Start(topology, Site(topology, route, "xdp") with { CheckInterval = "1s" });
        new Vandal(topology.Site).Delete(map, (_, _) => true);
        lbd.WaitForLog("The kernel differed from what was written", words);
        lbd.WaitFor(() => lbd.Pbm("kernel", "check").ExitCode == 0, "it is written again");
        using var connections = LongLivedConnections.Open(topology.Client, new IPEndPoint(route.Vip, First), 5);
        connections.ExchangeOnAll();
        Assert.Empty(connections.Broken);
    }

    private static SiteSpec Site(Topology topology, Route route, string hook) => new SiteSpec(topology.Site)
        .Add(Ranged("tcp", route, topology.Backends, hook))
        .Add(Ranged("udp", route, topology.Backends, hook));

    private static ServiceSpec Ranged(string protocol, Route route, IEnumerable<Backend> backends, string hook)
    {
        ServiceSpec service = new ServiceSpec(protocol, "nat", protocol, route.Vip, First).AddAll(backends, route.OverV6) with
        {
            Keys = $"port = \"{First}-{Last}\", health.port = {First}, datapath = {hook}",
        };
        return service with { Backends = [.. service.Backends.Select(backend => backend with { Port = 0 })] };
    }

    private static ServiceAnswer Tcp(Lbd lbd) => lbd.Api.Services().Services.Single(service => service.Name == "tcp");

    private static void Serve(Topology topology)
    {
        foreach (Backend backend in topology.Backends)
        {
            foreach (int port in (int[])[First, Last])
            {
                topology.Own(EchoServer.Start(backend, port));
                topology.Own(UdpEchoServer.Start(backend, port));
            }
        }
    }
}
