using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Relays;

/// <summary>Resets at every stage of a relayed connection, by either end: passed on, and nothing is left of them.</summary>
public sealed class ResetTests
{
    private const int Many = 50;

    [RootTheory]
    [InlineData("tproxy-v4")]
    [InlineData("tproxy-v6")]
    public void Clients_that_reset_as_soon_as_they_are_connected_leave_nothing(string name)
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of(name);
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1));
        int sockets = SocketsAtRest(topology, route, lbd);

        for (int i = 0; i < 4 * Many; i++)
        {
            Socket client = RelayedPair.NewClient(topology, route);
            client.Connect(route.EndPoint);
            RelayedPair.Reset(client);
        }

        AssertNothingIsLeft(topology, route, lbd, sockets);
    }

    [RootFact]
    public void Clients_that_reset_before_they_are_accepted_leave_nothing()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        Lbd lbd = Lbd.Start(topology, route.TcpSite(topology, backends: 1).With("connections = 1"));
        int sockets = SocketsAtRest(topology, route, lbd);
        Socket only = RelayedPair.NewClient(topology, route);
        only.Connect(route.EndPoint);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 1, "the relay is full");

        for (int i = 0; i < Many; i++)
        {
            Socket client = RelayedPair.NewClient(topology, route);
            client.Connect(route.EndPoint);
            RelayedPair.Reset(client);
        }

        Assert.Equal(1, lbd.Relay().Counts.Open);
        only.Dispose();
        AssertNothingIsLeft(topology, route, lbd, sockets);
    }

    [RootFact]
    public void Clients_that_reset_while_their_backend_is_silent_leave_nothing()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("tproxy-v4");
        SiteSpec site = route.TcpSite(topology, backends: 1).ChangeAll(service => service with { Check = "none" });
        Lbd lbd = Lbd.Start(topology, site.With("connect-timeout = 1s"));
        int sockets = SocketsAtRest(topology, route, lbd);
        topology.Backends[0].Disconnect();
        for (int i = 0; i < Many; i++)
        {
            Socket client = RelayedPair.NewClient(topology, route);
            client.Connect(route.EndPoint);
            lbd.WaitFor(() => lbd.Relay().Counts.Open > 0, "the relay tries to connect");
            RelayedPair.Reset(client);
        }

        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the attempts are given up");
        topology.Backends[0].Reconnect();

        AssertNothingIsLeft(topology, route, lbd, sockets);
    }

    [RootTheory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Reset_of_one_end_reaches_the_other(bool byClient, bool afterFin)
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        Lbd lbd = Lbd.Start(
            topology, route.TcpSite(topology, backends: 1).ChangeAll(service => service with { Check = "none" }));
        int sockets = lbd.Sockets();
        using RelayedPair pair = RelayedPair.Open(topology, route, listener);
        (Socket resetting, Socket other) = byClient ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        byte[] buffer = new byte[16];
        resetting.Send("first"u8);
        Assert.Equal(5, other.Receive(buffer));
        other.Send("answer"u8);
        Assert.Equal(6, resetting.Receive(buffer));
        if (afterFin)
        {
            resetting.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, other.Receive(buffer));
        }

        RelayedPair.Reset(resetting);

        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connection is gone");
        Wait.Until(() => other.Poll(0, SelectMode.SelectError) || IsReset(other), "the other end is reset");
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "the sockets are closed");
    }

    [RootFact]
    public void Backend_that_accepts_and_says_nothing_is_left_after_the_idle_timeout()
    {
        using Topology topology = Topology.WithBackends(1);
        Route route = Route.Of("tproxy-v4");
        // Nobody accepts: the kernel does.
        using Socket listener = RelayedPair.Listen(topology.Backends[0]);
        SiteSpec site = route.TcpSite(topology, backends: 1).ChangeAll(service => service with { Check = "none" });
        Lbd lbd = Lbd.Start(topology, site.With("idle-timeout = 1s"));
        int sockets = lbd.Sockets();
        List<Socket> clients = [.. Enumerable.Range(0, Many).Select(_ => RelayedPair.NewClient(topology, route))];
        clients.ForEach(client => client.Connect(route.EndPoint));

        clients.ForEach(client => client.Send("hello"u8));

        Assert.All(clients, client => Assert.True(IsReset(client), "the client was not reset"));
        clients.ForEach(client => client.Dispose());
        Assert.Equal(Many, lbd.Relay().Idle);
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the connections are gone");
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "the sockets are closed");
    }

    private static bool IsReset(Socket socket)
    {
        try
        {
            socket.Receive(new byte[1]);
            return false;
        }
        catch (SocketException reason)
        {
            return reason.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    private static int SocketsAtRest(Topology topology, Route route, Lbd lbd)
    {
        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "the first connection is closed");
        return lbd.Sockets();
    }

    private static void AssertNothingIsLeft(Topology topology, Route route, Lbd lbd, int sockets)
    {
        lbd.WaitFor(() => lbd.Relay().Counts.Open == 0, "no connection is left");
        lbd.WaitFor(() => lbd.Sockets() <= sockets, "no socket is left");
        lbd.WaitFor(() => Ask.TryTcp(topology.Client, route.EndPoint) == "b1", "the service is served");
    }
}
