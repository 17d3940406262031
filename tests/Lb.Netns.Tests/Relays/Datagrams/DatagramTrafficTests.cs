using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Datagrams through a relay: addresses, sizes, order.</summary>
public sealed class DatagramTrafficTests
{
    /// <summary>The largest payload of UDP over IPv4; over IPv6 20 bytes more would fit.</summary>
    private const int Largest = 65_507;

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Dnsmasq_sees_the_address_of_dig(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Dnsmasq server = Dnsmasq.Start(topology, topology.Backends[0]);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.UdpSite(topology, backends: 1));

        string[] answers = [.. Enumerable.Range(0, 10).Select(_ => Dig(topology, route, Dnsmasq.Name, "A"))];

        Assert.All(answers, answer => Assert.Equal($"{Dnsmasq.Answer}\n", answer));
        IPAddress client = Addresses.ClientOf(route.Vip.AddressFamily);
        Assert.Equal([.. Enumerable.Repeat($"{client}", 10)], server.Askers(Dnsmasq.Name));
        Assert.Equal(10, lbd.Relay().Counts.Connections);
        Assert.Equal(10, lbd.Relay().Datagrams!.ToBackends);
        Assert.Equal(10, lbd.Relay().Datagrams!.ToClients);
        Assert.Equal(10, lbd.Api.Metrics()[$"lb_relay_datagrams_total{{service=\"{name}-udp\",direction=\"reply\"}}"]);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Answer_larger_than_a_packet_arrives_whole(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Dnsmasq.Start(topology, topology.Backends[0]);
        Route route = Route.Of(name);
        Lbd.Start(topology, route.UdpSite(topology, backends: 1));

        string texts = Dig(topology, route, Dnsmasq.LargeName, "TXT");

        Assert.Equal(Dnsmasq.LargeAnswer, texts.Count(char.IsAsciiLetter));
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Largest_datagram_of_a_backend_arrives_whole(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket server = ServerIn(topology.Backends[0], route);
        Lbd.Start(topology, Unchecked(route.UdpSite(topology, backends: 1)));
        using Socket client = topology.Client.Invoke(() => Ask.OpenUdp(route.EndPoint));
        byte[] sent = new byte[Largest];
        new Random(1).NextBytes(sent);
        byte[] got = new byte[Largest + 1];

        client.Send("ask"u8);
        EndPoint asker = AskerOf(server);
        server.SendTo(sent, asker);

        Assert.Equal(Largest, client.Receive(got));
        Assert.Equal(sent, got[..Largest]);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Backend_sees_the_port_of_the_client_too(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd.Start(topology, route.UdpSite(topology, backends: 1));

        (Greeting greeting, IPEndPoint local) = Ask.Udp(topology.Client, route.EndPoint);

        Assert.Equal(local, greeting.Client);
    }

    [RootFact]
    public void Two_services_serve_one_port_of_a_client_at_once()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        ServiceSpec first = route.Service("udp", topology.Backends);
        Lbd.Start(topology, new SiteSpec(topology.Site).Add(first).Add(first with { Name = "second", Port = 81 }));
        using Socket client = topology.Client.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 });
        client.Bind(new IPEndPoint(Addresses.ClientOf(AddressFamily.InterNetwork), 40_000));

        foreach (int port in (int[])[80, 81, 80, 81])
        {
            client.SendTo("hello"u8, new IPEndPoint(route.Vip, port));
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            client.ReceiveFrom(new byte[256], ref from);
            Assert.Equal(new IPEndPoint(route.Vip, port), from);
        }
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void With_source_node_backends_see_an_address_of_the_node(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd.Start(topology, route.UdpSite(topology, backends: 1).With("source = node"));

        (Greeting greeting, _) = Ask.Udp(topology.Client, route.EndPoint);

        Assert.Equal(IPAddress.Parse(route.OverV6 ? "fd77:2::1" : "10.77.2.1"), greeting.Client.Address);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Burst_that_begins_a_flow_is_one_flow_and_arrives_in_order(string name)
    {
        const int Burst = 100;
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket server = ServerIn(topology.Backends[0], route);
        Lbd lbd = Lbd.Start(topology, Unchecked(route.UdpSite(topology, backends: 1)));
        using Socket client = topology.Client.Invoke(() => Ask.OpenUdp(route.EndPoint));

        for (byte i = 0; i < Burst; i++)
        {
            client.Send([i]);
        }

        byte[] got = new byte[Burst];
        HashSet<EndPoint> askers = [];
        for (int i = 0; i < Burst; i++)
        {
            EndPoint from = new IPEndPoint(route.OverV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
            Assert.Equal(1, server.ReceiveFrom(got, i, 1, SocketFlags.None, ref from));
            askers.Add(from);
        }

        Assert.Equal([.. Enumerable.Range(0, Burst).Select(i => (byte)i)], got);
        Assert.Equal(client.LocalEndPoint, Assert.Single(askers));
        Assert.Equal(1, lbd.Relay().Counts.Connections);
    }

    private static string Dig(Topology topology, Route route, string name, string type) => topology.Client.Run(
        "dig", $"@{route.Vip}", "-p", $"{route.Port}", "+short", "+notcp", "+ignore", "+bufsize=4096", "+tries=1", name, type);

    /// <summary>Without a server of TCP there is nothing to probe.</summary>
    private static SiteSpec Unchecked(SiteSpec site) => site.ChangeAll(service => service with { Check = "none" });

    private static Socket ServerIn(Backend backend, Route route) => backend.Namespace.Invoke(() =>
    {
        Socket socket = new(route.Vip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(route.OverV6 ? backend.V6 : backend.V4, Addresses.ServerPort));
        return socket;
    });

    private static EndPoint AskerOf(Socket server)
    {
        EndPoint asker = new IPEndPoint(
            server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        server.ReceiveFrom(new byte[256], ref asker);
        return asker;
    }
}
