using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Tests.Netlink;

/// <summary>Next hops in a namespace with a neighbour and a gateway.</summary>
[Collection(KernelCollection.Name)]
public sealed class NeighboursTests : IDisposable
{
    private static readonly IPAddress NodeAddress = IPAddress.Parse("10.9.0.1");
    private static readonly IPAddress PeerAddress = IPAddress.Parse("10.9.0.2");
    private static readonly IPAddress PeerAddress6 = IPAddress.Parse("2001:db8:9::2");
    private static readonly IPAddress Remote = IPAddress.Parse("198.51.100.7");
    private static readonly PhysicalAddress OtherMac = PhysicalAddress.Parse("02-00-00-00-00-99");

    private readonly Stack<IDisposable> _owned = new();
    private int _changes;

    [RootFact]
    public void Neighbour_is_resolved_when_first_asked_for()
    {
        Neighbours neighbours = Start(out TestNamespace node, out TestNamespace peer);
        int changes = _changes;

        Assert.Null(neighbours.Resolve(PeerAddress));

        Wait.Until(() => _changes > changes, "the resolved neighbour is told as a change");
        NextHop? hop = null;
        Wait.Until(() => (hop = neighbours.Resolve(PeerAddress)) is not null, "the neighbour resolves");
        Assert.Equal(
            new NextHop(node.Link("eth0").Index, node.Link("eth0").Address, peer.Link("peer0").Address, NodeAddress, 1500), hop);
    }

    [RootFact]
    public void Route_through_a_gateway_leads_to_the_gateway()
    {
        Neighbours neighbours = Start(out TestNamespace node, out TestNamespace peer);
        Assert.Null(neighbours.Resolve(Remote));

        node.Ip($"route add 198.51.100.0/24 via {PeerAddress}");

        NextHop? hop = null;
        Wait.Until(() => (hop = neighbours.Resolve(Remote)) is not null, "the gateway resolves");
        Assert.Equal(peer.Link("peer0").Address, hop!.Destination);
    }

    [RootFact]
    public void Mtu_of_the_route_holds_where_it_is_less_than_the_interfaces()
    {
        Neighbours neighbours = Start(out TestNamespace node, out _);
        node.Ip($"neigh replace {PeerAddress} lladdr 02:00:00:00:00:99 dev eth0 nud permanent");
        node.Ip($"route add 198.51.100.0/25 via {PeerAddress} mtu 1400");
        node.Ip($"route add 198.51.100.128/25 via {PeerAddress} mtu 9000");

        Assert.Equal(1400, neighbours.Resolve(Remote)?.Mtu);
        Assert.Equal(1500, neighbours.Resolve(IPAddress.Parse("198.51.100.200"))?.Mtu);
    }

    [RootFact]
    public void Gateway_of_the_other_address_family_is_followed()
    {
        Neighbours neighbours = Start(out TestNamespace node, out _);
        node.Ip($"neigh replace {PeerAddress6} lladdr 02:00:00:00:00:99 dev eth0 nud permanent");
        node.Ip($"route add 198.51.100.0/24 via inet6 {PeerAddress6} dev eth0");

        Assert.Equal(OtherMac, neighbours.Resolve(Remote)?.Destination);
    }

    [RootFact]
    public void Neighbour_over_ipv6_is_resolved()
    {
        Neighbours neighbours = Start(out _, out TestNamespace peer);

        NextHop? hop = null;
        Wait.Until(() => (hop = neighbours.Resolve(PeerAddress6)) is not null, "the neighbour resolves");

        Assert.Equal(peer.Link("peer0").Address, hop!.Destination);
        Assert.Equal(IPAddress.Parse("2001:db8:9::1"), hop.SourceAddress);
    }

    [RootFact]
    public void New_link_layer_address_of_a_neighbour_is_told_and_used()
    {
        Neighbours neighbours = Start(out TestNamespace node, out _);
        node.Ip($"neigh replace {PeerAddress} lladdr 02:00:00:00:00:01 dev eth0 nud permanent");
        Wait.Until(() => neighbours.Resolve(PeerAddress) is not null, "the neighbour resolves");
        AssertChange(() => node.Ip($"neigh replace {PeerAddress} lladdr 02:00:00:00:00:99 dev eth0 nud permanent"));

        Assert.Equal(OtherMac, neighbours.Resolve(PeerAddress)?.Destination);
    }

    [RootFact]
    public void Kernel_is_asked_once_until_something_changes()
    {
        Neighbours neighbours = Start(out TestNamespace node, out _);
        node.Ip($"neigh replace {PeerAddress} lladdr 02:00:00:00:00:01 dev eth0 nud permanent");
        AssertChange(() => node.Ip("link set eth0 mtu 1400"));
        int lookups = neighbours.Lookups;

        Assert.NotNull(neighbours.Resolve(PeerAddress));
        Assert.NotNull(neighbours.Resolve(PeerAddress));
        Assert.Equal(lookups + 1, neighbours.Lookups);

        AssertChange(() => node.Ip("link set eth0 mtu 1300"));
        Assert.Equal(1300, neighbours.Resolve(PeerAddress)?.Mtu);
        Assert.Equal(lookups + 2, neighbours.Lookups);
    }

    [RootTheory]
    [InlineData("route add 198.51.100.0/24 dev eth0")]
    [InlineData("-6 route add 2001:db8:99::/64 dev eth0")]
    [InlineData("link set eth0 mtu 1400")]
    [InlineData("addr add 10.9.0.77/32 dev eth0")]
    [InlineData("link set eth0 down")]
    public void Change_of_the_network_is_told(string command)
    {
        _ = Start(out TestNamespace node, out _);

        AssertChange(() => node.Ip(command));
    }

    [RootFact]
    public void Many_changes_are_told_a_few_times_a_second()
    {
        _ = Start(out TestNamespace node, out _);
        int before = _changes;
        long start = Stopwatch.GetTimestamp();

        AssertChange(() =>
        {
            for (int i = 0; i < 30; i++)
            {
                node.Ip($"route add 198.51.{i}.0/24 dev eth0");
            }
        });

        double quarters = Stopwatch.GetElapsedTime(start).TotalSeconds * 4;
        Assert.InRange(_changes - before, 1, (int)quarters + 2);
    }

    [RootFact]
    public void Mtu_of_the_interface_is_the_next_hops()
    {
        Neighbours neighbours = Start(out TestNamespace node, out _);
        node.Ip($"neigh replace {PeerAddress} lladdr 02:00:00:00:00:01 dev eth0 nud permanent");

        node.Ip("link set eth0 mtu 1400");

        Assert.Equal(1400, neighbours.Resolve(PeerAddress)?.Mtu);
    }

    [RootFact]
    public void Nobody_is_reached_over_the_loopback_a_downed_link_or_without_a_route()
    {
        Neighbours neighbours = Start(out TestNamespace node, out _);
        node.Ip("route add blackhole 203.0.113.0/24");

        Assert.Null(neighbours.Resolve(IPAddress.Loopback));
        Assert.Null(neighbours.Resolve(NodeAddress));
        Assert.Null(neighbours.Resolve(IPAddress.Parse("203.0.113.9")));
        Assert.Null(neighbours.Resolve(IPAddress.Parse("8.8.8.8")));
        node.Ip("link set eth0 down");
        Assert.Null(neighbours.Resolve(PeerAddress));
    }

    [RootFact]
    public void Addresses_of_the_node_are_those_of_its_namespace()
    {
        Neighbours neighbours = Start(out _, out _);

        IReadOnlySet<IPAddress> addresses = neighbours.LocalAddresses();

        Assert.Superset(
            new HashSet<IPAddress> { NodeAddress, IPAddress.Parse("2001:db8:9::1"), IPAddress.Loopback },
            addresses.ToHashSet());
        Assert.DoesNotContain(PeerAddress, addresses);
    }

    public void Dispose()
    {
        while (_owned.TryPop(out IDisposable? owned))
        {
            owned.Dispose();
        }
    }

    private void AssertChange(Action action)
    {
        int before = _changes;
        action();
        Wait.Until(() => _changes > before, "the change is told");
    }

    /// <summary>Lays out the two namespaces, starts to listen, and lets what the set-up caused be told first.</summary>
    private Neighbours Start(out TestNamespace node, out TestNamespace peer)
    {
        node = Own(TestNamespace.Create("lbk-"));
        peer = Own(TestNamespace.Create("lbk-"));
        TestNamespace.Connect(node, "eth0", peer, "peer0");
        node.Ip($"addr add {NodeAddress}/24 dev eth0");
        peer.Ip($"addr add {PeerAddress}/24 dev peer0");
        node.Ip("addr add 2001:db8:9::1/64 dev eth0 nodad");
        peer.Ip($"addr add {PeerAddress6}/64 dev peer0 nodad");
        Neighbours neighbours = Own(node.Invoke(() => new Neighbours(NullLogger.Instance)));
        neighbours.Changed += () => Interlocked.Increment(ref _changes);
        return neighbours;
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Push(owned);
        return owned;
    }
}
