using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Bytes through a relay: addresses, ends of streams, readers that are slow.</summary>
public sealed class RelayedTrafficTests
{
    private const int Megabytes = 100;

    /// <summary>Above what two sockets, their buffers in the kernel and the relay can hold back.</summary>
    private const long HeldBackAtMost = 40L << 20;

    public static TheoryData<string> Routes => Route.Relayed;

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Nginx_sees_the_address_of_curl(string name)
    {
        using Topology topology = Topology.WithBackends(2);
        Nginx.Start(topology, topology.Backends[0]);
        Nginx.Start(topology, topology.Backends[1]);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 2));

        string[] answers = [.. Enumerable.Range(0, 20).Select(
            _ => topology.Client.Run("curl", "-sSf", "-m", "5", $"http://{route.EndPoint}/"))];

        IPAddress client = Addresses.ClientOf(route.Vip.AddressFamily);
        Assert.Equal([$"b1 {client}\n", $"b2 {client}\n"], answers.Distinct().Order(StringComparer.Ordinal));
        RelayAnswer relay = lbd.Relay();
        Assert.Equal(20, relay.Counts.Connections);
        Assert.True(relay.Counts.BytesToClients > 20 * 100, $"{relay}");
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void With_source_node_backends_see_an_address_of_the_node(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd.Start(topology, route.TcpSite(topology, backends: 1).With("source = node"));

        (Greeting greeting, _) = Ask.Tcp(topology.Client, route.EndPoint);

        Assert.Equal(IPAddress.Parse(route.OverV6 ? "fd77:2::1" : "10.77.2.1"), greeting.Client.Address);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Client_that_ends_its_side_first_gets_the_rest(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd.Start(topology, route.TcpSite(topology, backends: 1));

        string answer = topology.Client.Run("sh", "-c", $"printf over | socat -t 10 - TCP:{route.EndPoint}");

        Assert.StartsWith("b1 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\nover", answer, StringComparison.Ordinal);
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Server_that_ends_its_side_first_gets_the_rest(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of(name);
        using Socket listener = topology.Backends[0].Namespace.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, Addresses.ServerPort));
            socket.Listen();
            return socket;
        });
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1).ChangeAll(s => s with { Check = "none" }));
        using Socket client = topology.Client.Invoke(
            () => new Socket(route.Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 });
        client.Connect(route.EndPoint);
        using Socket server = listener.Accept();
        server.ReceiveTimeout = 10_000;

        server.Send("first"u8);
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("first", ReadToEnd(client));
        client.Send("afterwards"u8);
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal("afterwards", ReadToEnd(server));
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the relay has closed the connection");
    }

    [RootTheory]
    [MemberData(nameof(Routes))]
    public void Large_download_of_a_slow_reader_arrives_intact_and_takes_little_memory(string name)
    {
        using Topology topology = Topology.WithBackends(1);
        string file = Path.Combine(topology.Folder, "large");
        string got = Path.Combine(topology.Folder, "got");
        Command.Run("dd", "if=/dev/urandom", $"of={file}", "bs=1M", $"count={Megabytes}", "status=none");
        Nginx.Start(topology, topology.Backends[0]);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        long before = ResidentBytes(lbd);

        topology.Client.Run(
            "curl", "-sSf", "-m", "60", "--limit-rate", "20M", "-o", got, $"http://{route.EndPoint}/files/large");

        Command.Run("cmp", file, got);
        Assert.InRange(ResidentBytes(lbd) - before, long.MinValue, HeldBackAtMost);
    }

    [RootFact]
    public void Reader_that_never_reads_stops_its_server()
    {
        using Topology topology = Topology.WithBackends(1);
        string file = Path.Combine(topology.Folder, "large");
        Command.Run("dd", "if=/dev/zero", $"of={file}", "bs=1M", $"count={Megabytes}", "status=none");
        Nginx.Start(topology, topology.Backends[0]);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        using Socket client = topology.Client.Invoke(
            () => new Socket(route.Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        client.Connect(route.EndPoint);
        client.Send(Encoding.ASCII.GetBytes("GET /files/large HTTP/1.0\r\n\r\n"));

        long last = -1;
        lbd.WaitFor(
            () =>
            {
                long before = last;
                last = lbd.Relay().Counts.BytesToClients;
                return last > 0 && last == before;
            },
            "no more bytes come from the server");

        Assert.InRange(last, 1, HeldBackAtMost);
        Assert.Equal(1, lbd.Relay().Counts.Open);
    }

    private static string ReadToEnd(Socket socket)
    {
        byte[] buffer = new byte[1024];
        StringBuilder text = new();
        int length;
        while ((length = socket.Receive(buffer)) > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }

        return text.ToString();
    }

    private static long ResidentBytes(Lbd lbd) => long.Parse(
        File.ReadLines($"/proc/{lbd.Id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
