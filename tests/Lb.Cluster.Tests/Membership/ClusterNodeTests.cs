using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Lb.Cluster.Membership;
using Lb.Cluster.Tests.Support;
using Lb.Cluster.Transport;
using Lb.Testing;

namespace Lb.Cluster.Tests.Membership;

/// <summary>Nodes on real sockets, clocks and databases.</summary>
public sealed class ClusterNodeTests(PostgresServer server) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<ClusterNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task Nodes_find_each_other_lose_one_and_have_it_back(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var addresses = Enumerable.Range(0, 2).Select(_ => FreeAddress(six: provider == "SQLite")).ToArray();
        var one = await StartAsync(database, addresses[0]);
        var two = await StartAsync(database, addresses[1]);
        Wait.Until(() => IsUp(one, 2) && IsUp(two, 2), "two are up", Soon);
        var life = two.View.Self!;

        await two.DisposeAsync();
        Wait.Until(() => one.View.Unreachable.ContainsKey(life), "it is noticed", Soon);
        Wait.Until(() => IsUp(one, 1), "it is removed", Soon);
        var again = await StartAsync(database, addresses[1]);
        Wait.Until(() => IsUp(one, 2) && IsUp(again, 2), "it is back", Soon);
        Assert.True(again.View.Self!.Incarnation > life.Incarnation);

        again.Leave();
        Wait.Until(() => again.View.SelfMember?.Status is NodeStatus.Exiting, "it hands over", Soon);
        again.ConfirmExit();
        Wait.Until(() => again.View.End is not null && IsUp(one, 1), "it is out", Soon);
    }

    [Fact]
    public async Task A_server_that_halts_makes_views_stale_and_reachability_goes_on()
    {
        await using var database = await SharedDatabase.OfAsync("PostgreSQL");
        var nodes = new List<ClusterNode>();
        for (var i = 0; i < 3; i++)
        {
            nodes.Add(await StartAsync(database, FreeAddress(six: false)));
        }

        Wait.Until(() => nodes.TrueForAll(node => IsUp(node, 3)), "three are up", Soon);
        await database.HaltAsync();
        var life = nodes[2].View.Self!;
        await nodes[2].DisposeAsync();
        Wait.Until(() => nodes[0].View.Unreachable.ContainsKey(life), "it is noticed", Soon);
        Wait.Until(() => nodes[0].View.IsStale && nodes[1].View.IsStale, "views are stale", Soon);
        Wait.Until(
            () => nodes[0].View.Problem?.Contains("did not answer within", StringComparison.Ordinal) == true,
            "it says why", Soon);
        Assert.Equal(3, nodes[0].View.State.Members.Count);

        await database.ResumeAsync();
        Wait.Until(() => IsUp(nodes[0], 2) && IsUp(nodes[1], 2), "it is removed", Soon);
        Assert.False(nodes[0].View.IsStale);
    }

    [Fact]
    public async Task Parts_of_nodes_are_carried_to_the_same_part_and_no_other()
    {
        await using var database = await SharedDatabase.OfAsync("SQLite");
        var one = await StartAsync(database, FreeAddress(six: false));
        var two = await StartAsync(database, FreeAddress(six: false));
        var heard = new ConcurrentQueue<(NodeId From, byte[] Payload)>();
        two.Handle(ClusterSubsystem.Announcer, (from, payload) => heard.Enqueue((from, payload.ToArray())));
        two.Handle(ClusterSubsystem.Health, (_, _) => Assert.Fail("it is not for this part"));
        Wait.Until(() => IsUp(one, 2) && IsUp(two, 2), "two are up", Soon);
        var longest = Enumerable.Range(0, ClusterMessageCodec.LongestPayload).Select(i => (byte)i).ToArray();

        one.Send(two.Address, ClusterSubsystem.Announcer, longest);

        Wait.Until(() => !heard.IsEmpty, "the message is there", Soon);
        var (from, payload) = heard.Single();
        Assert.Equal(one.View.Self, from);
        Assert.Equal(longest, payload);
        Assert.Contains("is the most", Assert.Throws<ArgumentException>(
            () => one.Send(two.Address, ClusterSubsystem.Announcer, new byte[longest.Length + 1])).Message);
        Assert.Throws<InvalidOperationException>(() => two.Handle(ClusterSubsystem.Health, (_, _) => { }));
    }

    [Fact]
    public void The_unprotected_transport_binds_no_public_address() =>
        Assert.Contains(
            "no loopback or private", Assert.Throws<ArgumentException>(() => new UdpTransport("8.8.8.8:7946")).Message);

    private static bool IsUp(ClusterNode node, int count) =>
        node.View.State.Members.Count == count && node.View.Unreachable.IsEmpty && !node.View.IsStale
        && node.View.State.Members.Values.All(member => member.Status is NodeStatus.Up);

    private static string FreeAddress(bool six)
    {
        var any = six ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        using var socket = new Socket(any.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(any, 0));
        return socket.LocalEndPoint!.ToString()!;
    }

    private async Task<ClusterNode> StartAsync(SharedDatabase database, string address)
    {
        var options = new MembershipOptions
        {
            Address = address,
            StableAfter = TimeSpan.FromSeconds(3),
            StaleAfter = TimeSpan.FromSeconds(4),
            PollInterval = TimeSpan.FromSeconds(1),
        };
        var node = new ClusterNode(
            options, new SqlMembershipTable(database.Open(), "site", TimeProvider.System), new UdpTransport(address),
            TimeProvider.System);
        _nodes.Add(node);
        await node.StartAsync();
        node.Join();
        return node;
    }
}
