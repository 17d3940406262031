using System.Net;
using System.Net.Sockets;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Clients keep to one backend with all their connections.</summary>
public sealed class AffinityTests
{
    private const int Clients = 12;
    private const int Connections = 25;

    [RootFact]
    public void Every_connection_of_a_client_goes_to_one_backend_and_clients_are_spread()
    {
        using Topology topology = Topology.WithEchoServers(3);
        Route[] routes = [Route.Of("nat-v4"), Route.Of("dsr-v6")];
        Lbd lbd = Lbd.Start(topology, routes.Aggregate(
            new SiteSpec(topology.Site),
            (site, route) => site.Add(route.Service("tcp", topology.Backends) with { Keys = "affinity = source" })));
        foreach (Route route in routes)
        {
            string[] backends = [.. Enumerable.Range(0, Clients).Select(n => BackendOf(topology, route, Address(topology, route, n)))];
            Assert.InRange(backends.Distinct(StringComparer.Ordinal).Count(), 2, 3);

            // The explanation follows the same hash, whatever the port.
            (int code, string output, string error) = lbd.Pbm(
                "flow", "lookup", "tcp", $"{new IPEndPoint(Address(topology, route, 0), 1)}", $"{route.EndPoint}");
            Assert.True(code == 0, error);
            Assert.Contains(backends[0], output, StringComparison.Ordinal);
        }
    }

    /// <summary>Gives the client another address.</summary>
    private static IPAddress Address(Topology topology, Route route, int number)
    {
        bool v6 = route.Vip.AddressFamily == AddressFamily.InterNetworkV6;
        IPAddress address = IPAddress.Parse(v6 ? $"fd77:1::{100 + number}" : $"10.77.1.{100 + number}");
        topology.Client.Ip($"addr replace {address}/{(v6 ? 64 : 24)} dev eth0{(v6 ? " nodad" : "")}");
        return address;
    }

    /// <summary>The backend of all connections from an address.</summary>
    private static string BackendOf(Topology topology, Route route, IPAddress from) => topology.Client.Invoke(() =>
        Assert.Single(Enumerable.Range(0, Connections).Select(_ => Greet(from, route.EndPoint)).Distinct(StringComparer.Ordinal)));

    private static string Greet(IPAddress from, IPEndPoint service)
    {
        using var connection = new EchoConnection(service, from);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        connection.ConnectAsync(deadline.Token).GetAwaiter().GetResult();
        return connection.Greeting.Backend;
    }
}
