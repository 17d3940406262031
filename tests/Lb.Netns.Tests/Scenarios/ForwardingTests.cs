using System.Net;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>Real clients reach real servers in every mode, family and protocol.</summary>
public class ForwardingTests(ForwardingBed bed) : IClassFixture<ForwardingBed>
{
    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Tcp_backends_see_the_clients_own_address(string route)
    {
        IPEndPoint service = Route.Of(route).EndPoint;
        for (int i = 0; i < 20; i++)
        {
            (Greeting greeting, IPEndPoint local) = Ask.Tcp(bed.Topology.Client, service);
            Assert.Equal(local, greeting.Client);
        }
    }

    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Udp_backends_see_the_clients_own_address(string route)
    {
        IPEndPoint service = Route.Of(route).EndPoint;
        for (int i = 0; i < 20; i++)
        {
            (Greeting greeting, IPEndPoint local) = Ask.Udp(bed.Topology.Client, service);
            Assert.Equal(local, greeting.Client);
        }
    }

    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Connections_are_spread_over_all_backends(string route)
    {
        const int Connections = 300;
        IReadOnlyDictionary<string, int> spread =
            Ask.Spread(bed.Topology.Client, Route.Of(route).EndPoint, Connections);

        Assert.Equal(Connections, spread.Values.Sum());
        Assert.Equal(["b1", "b2", "b3"], spread.Keys.Order(StringComparer.Ordinal));
        // A third each; five standard deviations of a fair choice are 41.
        Assert.All(spread, p => Assert.InRange(p.Value, 100 - 41, 100 + 41));
    }

    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Datagrams_of_one_socket_stay_on_one_backend(string route)
    {
        IPEndPoint service = Route.Of(route).EndPoint;
        IEnumerable<string> backends = bed.Topology.Client.Invoke(() =>
        {
            using System.Net.Sockets.Socket socket = Ask.OpenUdp(service);
            return Enumerable.Range(0, 50).Select(i => Ask.AskUdp(socket, $"datagram-{i}").Backend).ToList();
        });

        Assert.Single(backends.Distinct(StringComparer.Ordinal));
    }

    [RootTheory]
    [MemberData(nameof(Route.All), MemberType = typeof(Route))]
    public void Ping_of_a_VIP_is_answered(string route)
    {
        string output = bed.Topology.Client.Run("ping", "-n", "-c", "3", "-i", "0.01", "-W", "2", $"{Route.Of(route).Vip}");

        Assert.Contains("3 received", output, StringComparison.Ordinal);
    }

    [RootFact]
    public void Backends_own_addresses_are_reached_past_the_balancer()
    {
        // A server port that no service translates stays what it is, and so does the address.
        Backend backend = bed.Topology.Backends[0];
        string output = bed.Topology.Client.Run("ping", "-n", "-c", "1", "-W", "2", $"{backend.V4}");

        Assert.Contains($"from {backend.V4}", output, StringComparison.Ordinal);
    }
}
