using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.FullNat;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Quic;

/// <summary>Clients that change address and port in the midst of a connection, with servers that issue routable IDs.</summary>
public sealed class QuicTests
{
    private const int Connections = 24;

    private static readonly string[] s_routes =
        ["nat-v4", "nat-v6", "full-v4", "full-v6", "dsr-v4", "dsr-v6", "dsr-v4-in-v6", "gue-v4", "gue-v6", "gue-v6-in-v4", "l2-v4", "l2-v6"];

    private static readonly string[] s_routesAtTc = ["nat-v4", "full-v6", "gue-v6", "l2-v4"];

    public static TheoryData<string, string> Ways
    {
        get
        {
            var ways = new TheoryData<string, string>();
            foreach (string route in s_routes)
            {
                ways.Add(route, "xdp");
            }

            foreach (string route in s_routesAtTc)
            {
                ways.Add(route, "tc");
            }

            return ways;
        }
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Connection_stays_with_its_backend_wherever_its_client_goes(string route, string hook)
    {
        using Topology topology = Topology.WithBackends(3);
        (SiteSpec site, IPEndPoint service) = SiteOf(topology, route, hook);
        Lbd lbd = Lbd.Start(topology, site);
        using var connections = Open(topology, service);
        Assert.InRange(connections.Clients.Select(client => client.Backend).Distinct().Count(), 2, 3);

        int elsewhere = 0;
        for (int i = 0; i < 3; i++)
        {
            connections.Move(i % 2 == 0 ? null : Other(topology, service));
            // By the hash a third is where it was.
            elsewhere += connections.Clients.Count(client => client.WithoutId() != client.Backend);
            connections.Exchange();
            connections.Exchange();
        }

        Assert.InRange(elsewhere, Connections, 3 * Connections);
        Assert.Contains("The kernel holds what was written", lbd.Pbm("kernel", "check").Output, StringComparison.Ordinal);
        Assert.Contains(
            "Connection ID",
            lbd.Pbm("flow", "lookup", "udp", $"{new IPEndPoint(Other(topology, service), 4000)}", $"{service}").Output,
            StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("nat-v4", "xdp")]
    [InlineData("l2-v6", "tc")]
    [InlineData("full-v4", "xdp")]
    [InlineData("gue-v6", "xdp")]
    public void Connection_outlives_changes_of_the_pool_and_of_the_process(string route, string hook)
    {
        using Topology topology = Topology.WithBackends(4);
        (SiteSpec site, IPEndPoint service) = SiteOf(topology, route, hook);
        SiteSpec three = Without(site, "b4");
        Lbd lbd = Lbd.Start(topology, three);
        using var connections = Open(topology, service);
        Assert.Equal(["b1", "b2", "b3"], connections.Clients.Select(client => client.Backend).Distinct().Order());

        lbd.Reload(site);
        Assert.True(connections.Go(Other(topology, service)));
        // What is removed keeps its connections, also behind the time in which slots are moved; what drains does, too.
        SiteSpec less = Without(site, "b1").ChangeAll(s => s.Change("b2", backend => backend with { Admin = "drain" }));
        lbd.Reload(less);
        lbd.WaitFor(() => lbd.Api.Services().Services.Single().MovedSlots == 0, "no slot is moved");
        Assert.True(connections.Go(null));
        using (var late = Open(topology, service))
        {
            Assert.All(late.Clients, client => Assert.Contains(client.Backend, (string[])["b3", "b4"]));
        }

        lbd.Kill();
        Assert.True(connections.Go(Other(topology, service)));
        lbd = Lbd.Start(topology, less);
        Assert.True(connections.Go(null));
        Assert.Contains("The kernel holds what was written", lbd.Pbm("kernel", "check").Output, StringComparison.Ordinal);
        lbd.Reload(site);
        Assert.True(connections.Go(Other(topology, service)));
    }

    private static SiteSpec Without(SiteSpec site, string backend) =>
        site.ChangeAll(s => s with { Backends = [.. s.Backends.Where(b => b.Name != backend)] });

    private static (SiteSpec Site, IPEndPoint Service) SiteOf(Topology topology, string route, string hook)
    {
        foreach (Backend backend in topology.Backends)
        {
            // Probes are over TCP.
            topology.Own(EchoServer.Start(backend));
            topology.Own(QuicServer.Start(backend));
        }

        bool full = route.StartsWith("full", StringComparison.Ordinal);
        if (full)
        {
            topology.AddSources();
        }

        ServiceSpec service = full
            ? FullNatBed.Service("udp", route.EndsWith('6') ? Addresses.NatVip6 : Addresses.NatVip4, topology.Backends)
            : Route.Of(route).Service("udp", topology.Backends);
        service = service with
        {
            Keys = $"datapath = {hook}, quic {{ server-id-length = {QuicServer.ServerIdLength}, config-id = {QuicServer.ConfigId} }}",
            Backends = [.. service.Backends.Select(b => b with { Keys = $"server-id = \"{QuicServer.IdOf(b.Name)}\"" })],
        };
        SiteSpec site = new SiteSpec(topology.Site) { SweepInterval = "200ms", Keys = "flows.udp-window = 1s" }.Add(service);
        return (full ? site.WithSources() with { Keys = $"{site.WithSources().Keys}\n{site.Keys}" } : site, service.EndPoint);
    }

    /// <summary>Another address of the client.</summary>
    private static IPAddress Other(Topology topology, IPEndPoint service)
    {
        bool v6 = service.AddressFamily == AddressFamily.InterNetworkV6;
        IPAddress address = IPAddress.Parse(v6 ? "fd77:1::77" : "10.77.1.77");
        topology.Client.Ip($"addr replace {address}/{(v6 ? 64 : 24)} dev eth0{(v6 ? " nodad" : "")}");
        return address;
    }

    private static Moving Open(Topology topology, IPEndPoint service) =>
        new([.. Enumerable.Range(0, Connections).Select(_ => QuicClient.Connect(topology.Client, service))]);

    /// <summary>Connections that move together.</summary>
    private sealed record Moving(IReadOnlyList<QuicClient> Clients) : IDisposable
    {
        public void Move(IPAddress? from)
        {
            foreach (QuicClient client in Clients)
            {
                client.Move(from);
            }
        }

        public void Exchange()
        {
            foreach (QuicClient client in Clients)
            {
                client.Exchange();
            }
        }

        /// <summary>Moves, and finds every server again.</summary>
        public bool Go(IPAddress? from)
        {
            Move(from);
            Exchange();
            return true;
        }

        public void Dispose()
        {
            foreach (QuicClient client in Clients)
            {
                client.Dispose();
            }
        }
    }
}
