using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Lb.Actors.Tests.Votes;

/// <summary>Nodes' actors, each on a datapath in memory and by a clock of its own, that agree on how they use a pool.</summary>
public sealed class VotingNodesTests : IDisposable
{
    private static readonly string[] s_addresses = ["10.0.0.1:9120", "10.0.0.2:9120", "10.0.0.3:9120"];
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(400);
    private readonly Bus _bus = new();
    private readonly FakeProber _prober = new();
    private readonly Node[] _nodes = new Node[3];

    public void Dispose()
    {
        foreach (Node node in _nodes)
        {
            node?.Dispose();
        }
    }

    [Fact]
    public void Backend_that_comes_back_has_the_same_share_on_all_nodes_and_on_one_that_starts_meanwhile()
    {
        ServiceConfig service = Configs.Service(Configs.Backend(1), Configs.Backend(2)) with
        {
            Pool = new PoolPolicy { SlowStart = s_slow },
        };
        StartAll(service);
        Until(() => All(web => web.Backends.All(b => b is { State: BackendState.Up, Ramp: null, Slots: > 0 })), "a start is not slow");
        _prober.Down(1);
        Until(() => All(web => web.Backends[0].State == BackendState.Down), "all have agreed that it is gone");
        _prober.Up(1);
        Until(() => All(web => web.Backends[0] is { State: BackendState.Up, Ramp: < 1, Slots: > 0 }), "it begins with a part of its weight");
        BackendSnapshot begun = _nodes[0].Web().Backends[0];
        Assert.InRange(begun.Share, (begun.Ramp!.Value / (1 + begun.Ramp.Value)) - 0.01, (begun.Ramp.Value / (1 + begun.Ramp.Value)) + 0.01);

        // A node's clock is far ahead: who does not decide, does nothing by it.
        int owner = Array.IndexOf(s_addresses, Votes(0).Services[0].Owner);
        Array.ForEach(_nodes, node => Assert.Equal(s_addresses[owner], Votes(Array.IndexOf(_nodes, node)).Services[0].Owner));
        int starts = (owner + 1) % 3;
        _nodes[(owner + 2) % 3].Clock.Advance(s_slow * 10);
        Until(() => All(web => web.Backends[0].Ramp > begun.Ramp), "the next step");

        _nodes[starts].Dispose();
        Start(starts, service, anew: true);
        Until(() => All(web => web.Backends[0].Ramp is not null), "the one that starts hears of the step");
        Until(() => All(web => web.Backends[0] is { Ramp: null, Share: > 0.4 }), "it has its whole weight");
    }

    [Fact]
    public void Panic_and_last_resorts_are_the_same_on_all_nodes()
    {
        StartAll(Configs.Service(
            Configs.Backend(1), Configs.Backend(2), Configs.Backend(3), Configs.Backend(4) with { Backup = true })
            with
        { Pool = new PoolPolicy { PanicThreshold = 0.5 } });
        Until(() => All(web => web.Backends.All(b => b.State == BackendState.Up) && web.Use == PoolUse.Usual), "all are up");
        _prober.Down(1);
        _prober.Down(2);
        Until(() => All(web => web.Use == PoolUse.Panic && web.Backends.Count(b => b.Slots > 0) == 3), "all nodes use all but the last resort");
        _prober.Down(3);
        Until(() => All(web => web.Use == PoolUse.Backups && web.Backends.Single(b => b.Slots > 0).Backup), "all nodes use the last resort");
    }

    private void StartAll(ServiceConfig service)
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            Start(i, service);
        }
    }

    private void Start(int number, ServiceConfig service, bool anew = false)
    {
        Peers peers = _bus.Join(s_addresses[number]);
        _nodes[number] = new Node(Configs.Site(service), anew ? _nodes[number] : null, prober: _prober, voters: peers);
    }

    /// <summary>Whether something holds of the service on all nodes, and they have one table.</summary>
    private bool All(Func<ServiceSnapshot, bool> holds)
    {
        ServiceSnapshot[] services = [.. _nodes.SelectMany(node => node.Snapshot().Services)];
        return services.Length == _nodes.Length
            && Array.TrueForAll(services, service => !service.Backends.IsEmpty && holds(service))
            && services.Select(service => service.Digest).Distinct().Count() == 1;
    }

    private VotesSnapshot Votes(int node) => Assert.IsType<VotesSnapshot>(_nodes[node].Ask(new GetVotes()));

    /// <summary>Waits while time goes on for all.</summary>
    private void Until(Func<bool> condition, string what) => _nodes[0].WaitFor(
        () =>
        {
            Array.ForEach(_nodes, node => node.Clock.Advance(TimeSpan.FromMilliseconds(500)));
            return condition();
        },
        what);

    /// <summary>Carries messages between nodes of one process, each to the node's last life.</summary>
    private sealed class Bus
    {
        private readonly ConcurrentDictionary<string, Peers> _peers = [];
        private long _lives;

        public Peers Join(string address)
        {
            Peers peers = new(this, address, Interlocked.Increment(ref _lives));
            _peers[address] = peers;
            return peers;
        }

        public void Send(Peers from, string to, ReadOnlyMemory<byte> message)
        {
            if (_peers.TryGetValue(to, out Peers? peer) && _peers.GetValueOrDefault(from.Self) == from)
            {
                peer.Hear(from, message);
            }
        }
    }

    private sealed class Peers(Bus bus, string self, long life) : IVotePeers
    {
        private VoteHeard? _heard;

        public string Self => self;

        public int Probers => 3;

        public VoteCluster Cluster { get; } = new(
            [.. s_addresses.Select(address => new VoteMember(address, IsReachable: true, IsLost: false))], 1, IsIn: true);

        public void Listen(VoteHeard heard) => _heard = heard;

        public void Send(string to, ReadOnlyMemory<byte> message) => bus.Send(this, to, message.ToArray());

        public void Hear(Peers from, ReadOnlyMemory<byte> message) => _heard?.Invoke(from.Self, from.Life, message);

        private long Life => life;
    }
}
