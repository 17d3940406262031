using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Clients of a backend that is dead are told at once, and nobody else's is.</summary>
public sealed class DeadFlowsTests
{
    private const int Connections = 150;

    private static readonly string[] s_routes =
        ["nat-v4", "nat-v6", "dsr-v4", "dsr-v6", "gue-v4-in-v6", "l2-v6", "full-v4", "full-v6"];

    public static TheoryData<string, string> Ways
    {
        get
        {
            TheoryData<string, string> ways = [];
            foreach (string route in s_routes)
            {
                ways.Add(route, "xdp");
                ways.Add(route, "tc");
            }

            return ways;
        }
    }

    [RootTheory]
    [MemberData(nameof(Ways))]
    public void Exactly_the_connections_of_a_vanished_backend_are_reset_at_once(string way, string hook)
    {
        using Topology topology = Open(3, hook);
        SiteSpec site = Site(topology, way, hook);
        ServiceSpec service = site.Services[0];
        Lbd lbd = Lbd.Start(topology, site);
        using IdleConnections idle = IdleConnections.Open(topology.Client, service.EndPoint, Connections);
        int lost = idle.Of("b1");
        Assert.InRange(lost, 2, Connections - 2);

        topology.Backends[0].Disconnect();
        AwaitDeath(lbd, idle, service);
        long repeated = topology.Client.Counter("TcpRetransSegs");
        idle.SpeakOnOne("b1");
        Assert.Single(idle.Broken);
        Assert.Equal(0, topology.Client.Counter("TcpRetransSegs") - repeated);

        using (NewConnections opened = NewConnections.Start(topology.Client, service.EndPoint))
        {
            idle.SpeakOnAll();
            opened.WaitForMore(100);
            Assert.Empty(opened.Failures);
        }

        Assert.Equal(lost, idle.Broken.Count);
        Assert.All(idle.Broken, reason => Assert.Matches("^b1 .*ConnectionReset$", reason));
        Assert.All(topology.Backends.Skip(1), backend => Assert.Equal(0, backend.Namespace.Counter("TcpOutRsts")));
        Assert.InRange(lbd.Api.Metrics()["lb_packets_total{verdict=\"tcpReset\"}"], lost, double.MaxValue);

        topology.Backends[0].Reconnect();
        lbd.WaitFor(
            () => Ask.Spread(topology.Client, service.EndPoint, 50).ContainsKey("b1"), "new connections reach b1 again");
    }

    [RootTheory]
    [InlineData("nat-v4", "xdp")]
    [InlineData("dsr-v6", "tc")]
    public void Who_is_dead_is_known_after_lbd_was_killed_and_the_table_changed(string way, string hook)
    {
        using Topology topology = Open(4, hook);
        SiteSpec all = Site(topology, way, hook);
        SiteSpec three = all.ChangeAll(service => service with { Backends = service.Backends[..3] });
        ServiceSpec service = all.Services[0];
        Lbd lbd = Lbd.Start(topology, three);
        using IdleConnections idle = IdleConnections.Open(topology.Client, service.EndPoint, Connections);
        int lost = idle.Of("b1");
        topology.Backends[0].Disconnect();
        AwaitDeath(lbd, idle, service);

        lbd.Kill();
        lbd = Lbd.Launch(topology, three);
        AwaitDeath(lbd, idle, service);
        lbd.ReloadText(all.ToHocon());
        lbd.WaitFor(() => lbd.Api.StateOf("b4") == "up", "b4 is up");
        SiteSpec without = all.ChangeAll(known => known with { Backends = known.Backends[1..] });
        lbd.Reload(without);
        Assert.Contains("tcpReset", Lookup(lbd, idle, service), StringComparison.Ordinal);

        idle.SpeakOnAll();
        Assert.Equal(lost, idle.Broken.Count);
        Assert.All(idle.Broken, reason => Assert.Matches("^b1 .*ConnectionReset$", reason));
        Assert.All(topology.Backends.Skip(1), backend => Assert.Equal(0, backend.Namespace.Counter("TcpOutRsts")));
    }

    [RootTheory]
    [InlineData("dsr-v4", "xdp")]
    [InlineData("nat-v6", "tc")]
    public void Disabled_backend_and_one_whose_time_to_drain_is_over_are_dead(string way, string hook)
    {
        using Topology topology = Open(3, hook);
        SiteSpec site = Site(topology, way, hook);
        ServiceSpec service = site.Services[0];
        Lbd lbd = Lbd.Start(topology, site);
        using IdleConnections idle = IdleConnections.Open(topology.Client, service.EndPoint, Connections);

        SiteSpec disabled = site.ChangeAll(s => s.Change("b1", backend => backend with { Admin = "disabled" }));
        lbd.Reload(disabled);
        AwaitDeath(lbd, idle, service);
        lbd.Reload(disabled.ChangeAll(s => s.Change("b2", backend => backend with { Admin = "drain", Keys = "drain-deadline = 1s" })));
        lbd.WaitFor(() => Lookup(lbd, idle, service, "b2").Contains("tcpReset", StringComparison.Ordinal), "its time is over");

        idle.SpeakOnAll();
        Assert.Equal(idle.Of("b1") + idle.Of("b2"), idle.Broken.Count);
        Assert.All(idle.Broken, reason => Assert.Matches("^b[12] .*ConnectionReset$", reason));
    }

    [RootTheory]
    [InlineData("nat-v4", "xdp")]
    [InlineData("nat-v6", "tc")]
    [InlineData("dsr-v4", "tc")]
    [InlineData("dsr-v6", "xdp")]
    public void Without_any_backend_connections_are_refused_until_one_comes(string way, string hook)
    {
        using Topology topology = Topology.WithBackends(1);
        Offload(topology, hook);
        SiteSpec site = Site(topology, way, hook);
        ServiceSpec service = site.Services[0];
        Lbd lbd = Lbd.Launch(topology, site);
        lbd.WaitFor(() => lbd.Api.StateOf("b1") == "down", "b1 is down");
        AwaitRefusal(lbd, topology, service);

        EchoServer server = EchoServer.Start(topology.Backends[0]);
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, service.EndPoint) == "b1", "b1 answers");
        using IdleConnections idle = IdleConnections.Open(topology.Client, service.EndPoint, 3);

        topology.Backends[0].Disconnect();
        AwaitDeath(lbd, idle, service);
        AwaitRefusal(lbd, topology, service);
        idle.SpeakOnAll();
        Assert.Equal(3, idle.Broken.Count);
        server.Dispose();
    }

    private static Topology Open(int backends, string hook)
    {
        Topology topology = Topology.WithEchoServers(backends);
        Offload(topology, hook);
        return topology;
    }

    /// <summary>At traffic control, clients leave checksums to their network cards.</summary>
    private static void Offload(Topology topology, string hook)
    {
        if (hook == "tc")
        {
            topology.OffloadSenders();
        }
    }

    private static SiteSpec Site(Topology topology, string way, string hook)
    {
        bool isFull = way.StartsWith("full", StringComparison.Ordinal);
        if (isFull)
        {
            topology.AddSources();
        }

        ServiceSpec service = isFull
            ? FullNatBed.Service("tcp", way == "full-v4" ? Addresses.NatVip4 : Addresses.NatVip6, topology.Backends)
            : Route.Of(way).Service("tcp", topology.Backends);
        SiteSpec site = new SiteSpec(topology.Site)
            .Add(service with { Keys = $"datapath = {hook}, dead-flows = reset" }) with
        {
            Fall = 2,
        };
        return isFull ? site.WithSources() : site with { SweepInterval = "200ms" };
    }

    private static void AwaitDeath(Lbd lbd, IdleConnections idle, ServiceSpec service) => lbd.WaitFor(
        () => Lookup(lbd, idle, service).Contains("tcpReset", StringComparison.Ordinal), "flows of b1 are to be reset");

    private static void AwaitRefusal(Lbd lbd, Topology topology, ServiceSpec service) => lbd.WaitFor(
        () => topology.Client.Invoke(() => Connect(service)) == SocketError.ConnectionRefused, "connections are refused");

    private static SocketError Connect(ServiceSpec service)
    {
        using var socket = new Socket(service.Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendTimeout = 2000 };
        try
        {
            socket.Connect(service.EndPoint);
            return SocketError.Success;
        }
        catch (SocketException reason)
        {
            return reason.SocketErrorCode;
        }
    }

    private static string Lookup(Lbd lbd, IdleConnections idle, ServiceSpec service, string backend = "b1") =>
        lbd.Pbm("flow", "lookup", "tcp", $"{idle.OneOf(backend)}", $"{service.EndPoint}").Output;
}
