using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Damaged ClientHellos against a relay that runs.</summary>
public sealed class HelloFuzzTests
{
    private const int Most = 100_000;
    private const int Workers = 4;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(12);
    private static readonly Route s_route = Route.Of("tproxy-v4");

    [RootFact]
    public void Damaged_hellos_never_stop_a_relay()
    {
        using Topology topology = TlsBed.Topology(2);
        Lbd lbd = Lbd.Start(
            topology,
            TlsBed.Site(topology, s_route, "tls-names = [shop.example]", "tls-names = [\"*.example\"], alpn = [h2]")
                .With("greeting-timeout = 1s"));
        byte[] hello = Hello();

        int[] sent = new int[Workers];
        Parallel.For(
            0, Workers, worker => sent[worker] = topology.Client.Invoke(() => Send(hello, new Random(worker), s_time)));

        Assert.True(sent.Sum() > 100, $"{sent.Sum()} were sent");
        Assert.StartsWith("b1 ", TlsBed.Ask(topology, s_route, "shop.example"), StringComparison.Ordinal);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "all have ended");
        RelayAnswer relay = lbd.Relay();
        Assert.True(relay.Counts.Connections > 1 && relay.Rejected["noName"] > 0 && relay.Rejected["closed"] > 0, $"{relay}");
    }

    /// <summary>Sends damaged hellos one after the other, each on a connection of its own.</summary>
    private static int Send(byte[] hello, Random random, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        int count = 0;
        while (clock.Elapsed < time && count < Most / Workers)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.LingerState = new LingerOption(true, 0);
            socket.Connect(s_route.EndPoint);
            try
            {
                socket.Send(Damage(hello, random));
                socket.Shutdown(SocketShutdown.Send);
                if (random.Next(4) == 0)
                {
                    _ = socket.Receive(new byte[4096]);
                }
            }
            catch (SocketException)
            {
                // It was reset.
            }

            count++;
        }

        return count;
    }

    private static byte[] Damage(byte[] hello, Random random)
    {
        byte[] bytes = [.. hello];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static byte[] Hello()
    {
        using MemoryStream wire = new();
        using SslStream client = new(wire);
        Assert.ThrowsAny<Exception>(() => client.AuthenticateAsClient("shop.example"));
        return wire.ToArray();
    }
}
