using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Many connections through a relay, and those that do nothing.</summary>
[Collection(Alone.Name)]
public sealed class LoadTests
{
    private const int Many = 10_000;
    private const int BytesEachAtMost = 8 * 1024;

    /// <summary>What the collector may take meanwhile, whatever the connections do.</summary>
    private const long BytesAnyway = 32 << 20;

    [RootFact]
    public void Ten_thousand_idle_connections_take_little_memory_and_all_work_afterwards()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the first connection is closed");
        int sockets = lbd.Sockets();
        long before = ResidentBytes(lbd);
        int count = Math.Min(Many, AsManyAsDescriptorsAllow());

        List<Socket> clients = [];
        while (clients.Count < count)
        {
            // No more at once than fit the backlog: what is counted is how many there are, not how fast they come.
            clients.AddRange(Open(topology, route, Math.Min(1000, count - clients.Count)));
            lbd.WaitFor(() => lbd.Relay().Counts.Open == clients.Count, "all are accepted");
        }

        byte[] buffer = new byte[256];
        clients.ForEach(client => Assert.InRange(client.Receive(buffer), 1, buffer.Length));

        Assert.Equal(count, lbd.Relay().Counts.Open);
        Assert.InRange(ResidentBytes(lbd) - before, long.MinValue, BytesAnyway + ((long)count * BytesEachAtMost));
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
        foreach ((int number, Socket client) in clients.Index())
        {
            byte[] sent = Encoding.ASCII.GetBytes($"connection {number}");
            client.Send(sent);
            Assert.Equal(sent, buffer[..client.Receive(buffer)]);
        }

        clients.ForEach(client => client.Dispose());
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "no connection is left");
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "no socket is left");
    }

    [RootFact]
    public void Clients_that_never_send_do_not_keep_others_out_and_are_ended()
    {
        using Topology topology = Topology.WithBackends(1);
        Nginx.Start(topology, topology.Backends[0]);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1).With("idle-timeout = 3s"));
        int sockets = lbd.Sockets();

        List<Socket> clients = Open(topology, route, count: 500);
        string answer = topology.Client.Run("curl", "-sSf", "-m", "5", $"http://{route.EndPoint}/");

        Assert.StartsWith("b1 ", answer, StringComparison.Ordinal);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "all are ended");
        Assert.Equal(500, lbd.Relay().Idle);
        clients.ForEach(client => client.Dispose());
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "no socket is left");
    }

    [RootFact]
    public void Syns_that_are_never_followed_up_reach_no_backend_and_keep_nobody_out()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the first connection is closed");
        int sockets = lbd.Sockets();

        SynFlood.Send(topology.Client, route.EndPoint, count: 20_000);

        Assert.NotEqual("", topology.Lb.Run("ss", "-Htn", "state", "syn-recv"));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint)));
        Assert.Equal(21, lbd.Relay().Counts.Connections);
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "no socket is left");
    }

    /// <summary>Client and echo server are this process, and have an end each.</summary>
    /// <summary>Clients and servers are in this process, and so is what tests before this one have not closed.</summary>
    private static int AsManyAsDescriptorsAllow()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int limit = int.Parse(
            File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3],
            CultureInfo.InvariantCulture);
        return (limit - 1000) / 2;
    }

    private static List<Socket> Open(Topology topology, Route route, int count)
    {
        List<Socket> clients = topology.Client.Invoke(() => Enumerable.Range(0, count).Select(_ =>
            new Socket(route.Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 }).ToList());
        clients.ForEach(client => client.Connect(route.EndPoint));
        return clients;
    }

    private static long ResidentBytes(Lbd lbd) => long.Parse(
        File.ReadLines($"/proc/{lbd.Id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
