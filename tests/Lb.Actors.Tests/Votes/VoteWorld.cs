using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests.Votes;

/// <summary>
/// Nodes that vote, on a network that loses and delays, in virtual time. What each node sees of each other one and of the
/// backends is set by the test; what services go by is kept here.
/// </summary>
internal sealed class VoteWorld
{
    public const string Service = "web";

    private const int ProbeTime = 1000;
    private const long Rise = ProbeTime * TimeSpan.TicksPerMillisecond;
    private readonly Random _random;
    private readonly PriorityQueue<(string From, long Life, string To, byte[] Bytes), long> _wire = new();
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly int _probers;
    private long _epoch = 1;
    private long _lives;

    public VoteWorld(int seed, int nodes, int backends, int probers = 3)
    {
        _random = new Random(seed);
        _probers = probers;
        Backends = [.. Enumerable.Range(1, backends).Select(n =>
            new Endpoint(IPAddress.Parse($"10.9.{n >> 8}.{n & 255}"), 80, TransportProtocol.Tcp))];
        for (int n = 1; n <= nodes; n++)
        {
            Start($"10.0.0.{n}:9120");
        }
    }

    public static Endpoint Vip { get; } = new(IPAddress.Parse("203.0.113.1"), 80, TransportProtocol.Tcp);

    public ImmutableArray<Endpoint> Backends { get; }

    /// <summary>Milliseconds.</summary>
    public long Now { get; private set; }

    public double Loss { get; set; }

    /// <summary>Backends that are dead.</summary>
    public HashSet<Endpoint> Dead { get; } = [];

    /// <summary>Pairs of nodes, and of nodes and backends, between which nothing passes.</summary>
    public HashSet<(string, string)> Cut { get; } = [];

    public IReadOnlyCollection<string> Nodes => _nodes.Keys;

    public long Sent { get; private set; }

    /// <summary>How long backends take to have their whole weight.</summary>
    public TimeSpan SlowStart { get; init; }

    public Node this[string node] => _nodes[node];

    /// <summary>The service's owner, as a node has it.</summary>
    public string OwnerBy(string node) => _nodes[node].Book.Report(TicksOf(node)).Services[0].Owner;

    /// <summary>A backend beside the service's own.</summary>
    public static Endpoint Passing(int number) =>
        new(IPAddress.Parse($"10.10.{(number + 8) >> 8}.{(number + 8) & 255}"), 80, TransportProtocol.Tcp);

    /// <summary>Gives a node another pool.</summary>
    public void Configure(string address, IEnumerable<Endpoint> backends)
    {
        _nodes[address].Book.Configure(
            Service,
            Vip,
            backends.Select(socket => KeyValuePair.Create(socket, _nodes[address].Verdicts.GetValueOrDefault(socket))),
            Rise,
            TicksOf(address),
            new VotedSteps(SlowStart, _nodes[address].Steps));
        Carry(address);
    }

    /// <summary>A node has built a table.</summary>
    public void Build(string address, ulong table, ulong pool = 1)
    {
        _nodes[address].Book.OnTable(Service, table, pool, TicksOf(address));
        Carry(address);
    }

    /// <summary>A node's service has ended.</summary>
    public void Forget(string address)
    {
        _nodes[address].Book.Forget(Service, TicksOf(address));
        Carry(address);
    }

    public void Start(string address)
    {
        // The feed's number says nothing across lives: a clock may have been set back, or a host started again.
        long skew = _random.NextInt64(TimeSpan.TicksPerHour);
        _nodes[address] = new Node(new VoteBook(address, _probers, _random.Next(), Ticks + skew), ++_lives) { Skew = skew };
        _epoch++;
        _nodes[address].Book.Configure(
            Service, Vip, Backends.Select(socket => KeyValuePair.Create(socket, HealthVerdict.Unknown)), Rise, TicksOf(address),
            new VotedSteps(SlowStart, _nodes[address].Steps));
        Carry(address);
        TellMembers();
    }

    /// <summary>A node is gone, and out of the table of members.</summary>
    public void Remove(string address)
    {
        _nodes.Remove(address);
        _epoch++;
        TellMembers();
    }

    /// <summary>A node is gone, and nobody knows yet but by its silence.</summary>
    public Node Kill(string address)
    {
        Node node = _nodes[address];
        node.IsDead = true;
        return node;
    }

    public void CutOff(string address)
    {
        foreach (string other in _nodes.Keys.Where(other => other != address))
        {
            Cut.Add((address, other));
            Cut.Add((other, address));
        }
    }

    /// <summary>Tells nodes whom they reach, as membership does.</summary>
    public void TellMembers(bool lost = false)
    {
        foreach ((string address, Node node) in _nodes.Where(node => !node.Value.IsDead))
        {
            node.Book.OnMembers(
                [.. _nodes.Keys.Select(other =>
                {
                    bool reached = other == address || (!_nodes[other].IsDead && !Cut.Contains((other, address)));
                    return new VoteMember(other, reached, IsLost: !reached && lost);
                })],
                node.Epoch ?? _epoch,
                isMember: true,
                TicksOf(address));
            Carry(address);
        }
    }

    public void Run(int milliseconds)
    {
        for (long end = Now + milliseconds; Now < end; Now += 10)
        {
            while (_wire.TryPeek(out (string From, long Life, string To, byte[] Bytes) message, out long at) && at <= Now)
            {
                _wire.Dequeue();
                if (_nodes.TryGetValue(message.To, out Node? to) && !to.IsDead && !Cut.Contains((message.From, message.To))
                    && VoteCodec.Read(message.Bytes) is { } read)
                {
                    to.Book.OnMessage(message.From, message.Life, read, TicksOf(message.To));
                    Carry(message.To);
                }
            }

            foreach ((string address, Node node) in _nodes.Where(node => !node.Value.IsDead).ToArray())
            {
                if (Now % 500 == 0)
                {
                    node.Book.Tick(TicksOf(address));
                    Carry(address);
                }

                if (Now % ProbeTime == 0)
                {
                    Probe(address, node);
                }
            }
        }
    }

    /// <summary>The table that a node's service has by now, of backends of one weight, in <paramref name="pool"/>.</summary>
    public string DigestOf(string address, PoolPolicy pool)
    {
        ServiceConfig config = Configs.Service([.. Backends.Select((backend, i) =>
            new BackendConfig($"b{i}", backend.Address, 80, 100, BackendAdmin.Enabled))]) with
        { Vip = Vip, Pool = pool };
        ServiceState state = ServiceState.Start(config);
        state = state.Apply(state.Decide(new ServiceCommand.Configure(config)));
        foreach ((Endpoint backend, HealthVerdict verdict) in _nodes[address].Verdicts)
        {
            state = state.Apply(state.Decide(
                new ServiceCommand.Judge(backend, verdict, _nodes[address].Steps.GetValueOrDefault(backend))));
        }

        return Generation.Next(null, state, 0).Digest;
    }

    /// <summary>What the service of a node goes by.</summary>
    public HealthVerdict[] VerdictsOf(string node) =>
        [.. Backends.Select(backend => _nodes[node].Verdicts.GetValueOrDefault(backend))];

    /// <summary>Now by a node's own clock: no two go alike.</summary>
    public long TicksOf(string address) => Ticks + _nodes[address].Skew;

    private long Ticks => Now * TimeSpan.TicksPerMillisecond;

    private void Probe(string address, Node node)
    {
        foreach (Endpoint backend in node.Probes.ToArray())
        {
            HealthVerdict seen = Dead.Contains(backend) || Cut.Contains((address, $"{backend}"))
                ? HealthVerdict.Down
                : HealthVerdict.Up;
            if (node.Seen.GetValueOrDefault(backend) != seen)
            {
                node.Seen[backend] = seen;
                node.Book.OnSeen(Service, backend, seen, TicksOf(address));
                Carry(address);
            }
        }
    }

    private void Carry(string address)
    {
        Node node = _nodes[address];
        foreach (VoteEffect effect in node.Book.Drain())
        {
            switch (effect)
            {
                case VoteEffect.Send send:
                    Sent++;
                    if (_random.NextDouble() >= Loss)
                    {
                        _wire.Enqueue((address, node.Life, send.To, VoteCodec.Write(send.Message)), Now + 10 + (10 * _random.Next(3)));
                    }

                    break;
                case VoteEffect.Probe probe:
                    node.Probes = probe.Backends;
                    foreach (Endpoint gone in node.Seen.Keys.Where(key => !probe.Backends.Contains(key)).ToArray())
                    {
                        node.Seen.Remove(gone);
                    }

                    break;
                case VoteEffect.Judge judge:
                    node.Verdicts[judge.Backend] = judge.Verdict;
                    if (node.Steps.GetValueOrDefault(judge.Backend) != judge.Step)
                    {
                        node.Steps[judge.Backend] = judge.Step;
                        node.Stepped.Add((Now, judge.Backend, judge.Step));
                    }

                    node.Changes++;
                    break;
                case VoteEffect.PathFault fault:
                    node.PathFaults += fault.Begins ? 1 : -1;
                    break;
                case VoteEffect.Repair repair:
                    node.Repairs.Add(repair.LacksConfig);
                    break;
                case VoteEffect.Apart apart:
                    node.IsApart = apart.Begins;
                    break;
            }
        }
    }

    internal sealed class Node(VoteBook book, long life)
    {
        public long Life => life;

        public VoteBook Book => book;

        public bool IsDead { get; set; }

        public long? Epoch { get; set; }

        public ImmutableHashSet<Endpoint> Probes { get; set; } = [];

        public Dictionary<Endpoint, HealthVerdict> Seen { get; } = [];

        public Dictionary<Endpoint, HealthVerdict> Verdicts { get; } = [];

        public Dictionary<Endpoint, byte> Steps { get; } = [];

        /// <summary>Steps of backends that come up, as its service was told of them.</summary>
        public List<(long At, Endpoint Backend, byte Step)> Stepped { get; } = [];

        /// <summary>By how much its clock is ahead, in ticks.</summary>
        public long Skew { get; init; }

        public int Changes { get; set; }

        public int PathFaults { get; set; }

        /// <summary>What was to be repaired: whether the config was to be read again.</summary>
        public List<bool> Repairs { get; } = [];

        public bool IsApart { get; set; }
    }
}
