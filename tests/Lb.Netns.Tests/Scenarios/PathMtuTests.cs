using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>The way to the backends takes no more than clients send, and the outer headers have no room.</summary>
public sealed class PathMtuTests
{
    private const int Upload = 1 << 20;

    [RootFact]
    public void Client_learns_what_fits_into_the_tunnel_and_its_upload_arrives_whole()
    {
        using Topology topology = Topology.WithEchoServers(1);
        topology.Lb.Ip("link set backend0 mtu 1500");
        topology.Backends[0].Namespace.Ip("link set eth0 mtu 1500");
        Route v4 = Route.Of("dsr-v4");
        Route v6 = Route.Of("dsr-v6");
        Lbd lbd = Lbd.Start(topology, new SiteSpec(topology.Site)
            .Add(v4.Service("tcp", topology.Backends))
            .Add(v6.Service("tcp", topology.Backends)));

        byte[] sent = RandomNumbers(Upload);
        Assert.True(sent.AsSpan().SequenceEqual(Exchange(topology.Client, v4.EndPoint, sent)), "other bytes came back over IPv4");
        Assert.True(sent.AsSpan().SequenceEqual(Exchange(topology.Client, v6.EndPoint, sent)), "other bytes came back over IPv6");

        Assert.Contains("mtu 1480", topology.Client.Ip($"route get {v4.Vip}"), StringComparison.Ordinal);
        Assert.Contains("mtu 1460", topology.Client.Ip($"-6 route get {v6.Vip}"), StringComparison.Ordinal);
        Assert.NotEqual(0ul, lbd.Api.TryNode()!.Verdicts["icmpTooBig"].Packets);
    }

    private static byte[] RandomNumbers(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Sends bytes and says what the server has sent back behind its greeting.</summary>
    private static byte[] Exchange(TestNamespace client, IPEndPoint service, byte[] bytes)
    {
        using Socket socket = client.Invoke(() =>
        {
            var opened = new Socket(service.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            opened.Connect(service);
            return opened;
        });
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
