using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Relays;

/// <summary>A connection of a client through a relay, and its other end at the backend, both in the test's hands.</summary>
internal sealed class RelayedPair : IDisposable
{
    private const int SmallBuffer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RelayedPair(Socket client, Socket server)
    {
        Client = client;
        Server = server;
    }

    public Socket Client { get; }

    public Socket Server { get; }

    /// <summary>A socket that listens in a backend as its server.</summary>
    public static Socket Listen(Backend backend) => backend.Namespace.Invoke(() =>
    {
        Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = true,
            ReceiveBufferSize = SmallBuffer,
        };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, Addresses.ServerPort));
        socket.Listen(1024);
        return socket;
    });

    /// <summary>A socket in the client's namespace.</summary>
    public static Socket NewClient(Topology topology, Route route)
    {
        Socket socket = topology.Client.Invoke(
            () => new Socket(route.Vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.ReceiveBufferSize = SmallBuffer;
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return socket;
    }

    /// <summary>Opens one.</summary>
    public static RelayedPair Open(Topology topology, Route route, Socket listener)
    {
        Socket client = NewClient(topology, route);
        client.Connect(route.EndPoint);
        Assert.True(listener.Poll(Patience, SelectMode.SelectRead), "the relay has not connected to the backend");
        Socket server = listener.Accept();
        server.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return new RelayedPair(client, server);
    }

    /// <summary>Ends a socket with a reset.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}

/// <summary>What the process of a relay holds.</summary>
internal static class Holdings
{
    /// <summary>Descriptors of the process.</summary>
    public static int Descriptors(this Lbd lbd) => Links(lbd).Count();

    /// <summary>Ends of pipes.</summary>
    public static int PipeEnds(this Lbd lbd) =>
        Links(lbd).Count(link => link.StartsWith("pipe:", StringComparison.Ordinal));

    /// <summary>Sockets.</summary>
    public static int Sockets(this Lbd lbd) =>
        Links(lbd).Count(link => link.StartsWith("socket:", StringComparison.Ordinal));

    /// <summary>Waits until no byte is relayed any more, since nobody reads.</summary>
    public static RelayAnswer WaitForStandstill(this Lbd lbd)
    {
        RelayAnswer last = lbd.Relay();
        lbd.WaitFor(
            () =>
            {
                RelayAnswer before = last;
                last = lbd.Relay();
                return last.Counts.BytesToClients + last.Counts.BytesToBackends > 0 && last.Counts == before.Counts;
            },
            "no more bytes are relayed");
        return last;
    }

    private static IEnumerable<string> Links(Lbd lbd) =>
        new DirectoryInfo($"/proc/{lbd.Id}/fd").EnumerateFileSystemInfos().Select(file => file.LinkTarget ?? "");
}
