using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>ICMP errors find the socket that they are about.</summary>
public sealed class IcmpTests
{
    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Port_unreachable_of_a_backend_reaches_the_client(string name)
    {
        // TCP is up, so that the backend stays in use; nobody listens on UDP.
        using Topology topology = Topology.WithBackends(1);
        topology.Own(EchoServer.Start(topology.Backends[0]));
        Route route = Route.Of(name);
        Lbd.Start(topology, new SiteSpec(topology.Site).Add(route.Service("udp", topology.Backends)));

        SocketError? error = Ask.UdpError(topology.Client, route.EndPoint);

        Assert.Equal(SocketError.ConnectionRefused, error);
    }
}
