using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>The way to the backends takes no more than clients send, and the outer headers have no room.</summary>
public sealed class PathMtuTests
{
    private const int Upload = 1 << 20;
    private const int Tcp = 6; // IPPROTO_TCP
    private const int MaximumSegment = 2; // TCP_MAXSEG

    [RootFact]
    public void Client_learns_what_fits_into_the_tunnel_and_datagrams_in_fragments_and_an_upload_arrive_whole()
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.Lb.Ip("link set backend0 mtu 1500");
        topology.Backends[0].Namespace.Ip("link set eth0 mtu 1500");
        Route v4 = Route.Of("dsr-v4");
        Route v6 = Route.Of("dsr-v6");
        Lbd lbd = Lbd.Start(topology, new SiteSpec(topology.Site)
            .Add(v4.Service("tcp", topology.Backends))
            .Add(v6.Service("tcp", topology.Backends))
            .Add(v4.Service("udp", topology.Backends))
            .Add(v6.Service("udp", topology.Backends))
            .Add(Route.Of("nat-v4").Service("udp", topology.Backends))
            .Add(Route.Of("nat-v6").Service("udp", topology.Backends)));

        // Before TCP has learned anything for these addresses.
        Assert.Equal("b1", Ask.InFragments(topology.Client, v4.EndPoint));
        Assert.Equal("b1", Ask.InFragments(topology.Client, v6.EndPoint));
        Assert.Contains("mtu 1480", topology.Client.Ip($"route get {v4.Vip}"), StringComparison.Ordinal);
        Assert.Contains("mtu 1460", topology.Client.Ip($"-6 route get {v6.Vip}"), StringComparison.Ordinal);
        Assert.Equal("b1", Ask.InFragments(topology.Client, Route.Of("nat-v4").EndPoint));
        Assert.Equal("b1", Ask.InFragments(topology.Client, Route.Of("nat-v6").EndPoint));
        topology.Client.Ip("route flush cache");
        topology.Client.Ip("-6 route flush cache");

        byte[] sent = RandomNumbers(Upload);
        Assert.True(sent.AsSpan().SequenceEqual(Exchange(topology.Client, v4.EndPoint, sent)), "other bytes came back over IPv4");
        Assert.True(sent.AsSpan().SequenceEqual(Exchange(topology.Client, v6.EndPoint, sent)), "other bytes came back over IPv6");

        Assert.Contains("mtu 1480", topology.Client.Ip($"route get {v4.Vip}"), StringComparison.Ordinal);
        Assert.Contains("mtu 1460", topology.Client.Ip($"-6 route get {v6.Vip}"), StringComparison.Ordinal);
        Assert.NotEqual(0ul, lbd.Api.TryNode()!.Verdicts["icmpTooBig"].Packets);
    }

    [RootFact]
    public void Relay_gets_datagrams_that_come_in_fragments()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route[] routes = [Route.Of("tproxy-v4"), Route.Of("tproxy-v6")];
        Lbd.Start(topology, routes.Aggregate(
            new SiteSpec(topology.Site), (site, route) => site.Add(route.Service("udp", topology.Backends))));

        Assert.All(routes, route => Assert.Equal("b1", Ask.InFragments(topology.Client, route.EndPoint)));
    }

    [RootFact]
    public void Both_ends_of_a_connection_through_nat_are_told_the_mss_of_the_service()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route[] routes = [Route.Of("nat-v4"), Route.Of("nat-v6")];
        SiteSpec site = routes.Aggregate(
            new SiteSpec(topology.Site),
            (all, route) => all.Add(route.Service("tcp", topology.Backends) with { Keys = "mss = 1000" }));
        Lbd.Start(topology, site);

        foreach (Route route in routes)
        {
            using Socket socket = Connect(topology.Client, route.EndPoint);
            Assert.InRange(MssOf(socket), 900, 1000);
            string server = topology.Backends[0].Namespace.Run("ss", "-Htin", "state", "established", $"( sport = :{Addresses.ServerPort} )");
            Assert.Contains(" advmss:", server, StringComparison.Ordinal);
            Assert.All(
                server.Split(' ').Where(word => word.StartsWith("mss:", StringComparison.Ordinal)),
                word => Assert.InRange(int.Parse(word["mss:".Length..]), 900, 1000));
        }
    }

    /// <summary>Bytes that the kernel puts into a segment: the MSS without what options take.</summary>
    private static int MssOf(Socket socket)
    {
        byte[] value = new byte[sizeof(int)];
        socket.GetRawSocketOption(Tcp, MaximumSegment, value);
        return BitConverter.ToInt32(value);
    }

    private static Socket Connect(TestNamespace client, IPEndPoint service) => client.Invoke(() =>
    {
        var opened = new Socket(service.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        opened.Connect(service);
        return opened;
    });

    private static byte[] RandomNumbers(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Sends bytes and says what the server has sent back behind its greeting.</summary>
    private static byte[] Exchange(TestNamespace client, IPEndPoint service, byte[] bytes)
    {
        using Socket socket = Connect(client, service);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return ExchangeAsync(socket, bytes, deadline.Token).GetAwaiter().GetResult();
    }

    private static async Task<byte[]> ExchangeAsync(Socket socket, byte[] bytes, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket);
        Task sending = stream.WriteAsync(bytes, stop).AsTask();
        while (stream.ReadByte() != '\n')
        {
            // The server's greeting.
        }

        byte[] back = new byte[bytes.Length];
        await stream.ReadExactlyAsync(back, stop);
        await sending;
        return back;
    }
}
