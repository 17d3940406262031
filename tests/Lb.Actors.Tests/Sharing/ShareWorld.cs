using Lb.Kernel;

namespace Lb.Actors.Tests.Sharing;

/// <summary>
/// A site whose nodes share flows, on a network that loses and delays, in virtual time. Its flows go to any node that answers,
/// another one whenever it suits, and are held against the promise: none changes its backend while that lives.
/// </summary>
internal sealed class ShareWorld
{
    public const int Slots = 23;

    /// <summary>A flow goes to another node only so long after an entry was made for it: until then others may not have it.</summary>
    private const int Settled = 1500;
    private const int MostFlows = 120;
    private const int Step = 10;
    private const int SweepPace = 3000;

    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(40);

    private readonly Random _random;
    private readonly PriorityQueue<Action, (long At, long Order)> _due = new();
    private readonly SortedDictionary<string, ShareNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _deadSince = new(StringComparer.Ordinal);
    private readonly Dictionary<ushort, LiveFlow> _flows = [];
    private readonly HashSet<Endpoint> _down = [];
    private ServiceConfig _config;
    private long _lives;
    private long _order;
    private ushort _lastPort;
    private long _quietFrom;

    public ShareWorld(int seed, int nodes, ServiceConfig config)
    {
        Seed = seed;
        _random = new Random(seed);
        _config = config;
        for (int n = 1; n <= nodes; n++)
        {
            Start($"10.0.0.{n}:9120", keeps: false);
        }

        TellMembers();
    }

    public int Seed { get; }

    /// <summary>Milliseconds.</summary>
    public long Now { get; private set; }

    public long Ticks => (Now + 1) * TimeSpan.TicksPerMillisecond;

    public double Loss { get; set; }

    public int Hops { get; private set; }

    public int Talks { get; private set; }

    public long Sent { get; private set; }

    public IEnumerable<ShareNode> Nodes => _nodes.Values;

    public ShareNode this[int number] => _nodes[$"10.0.0.{number}:9120"];

    public ServiceConfig Config => _config;

    public int Flows => _flows.Count;

    public bool IsUp(Endpoint backend) => !_down.Contains(backend);

    /// <summary>A node begins a life; with what the kernel has of the one before, if it keeps that.</summary>
    public ShareNode Start(string address, bool keeps)
    {
        ShareNode? before = _nodes.GetValueOrDefault(address);
        ShareNode node = new(this, address, ++_lives, _config, keeps ? before : null);
        _nodes[address] = node;
        _deadSince.Remove(address);
        TellMembers();
        return node;
    }

    public void Kill(ShareNode node)
    {
        node.IsDead = true;
        _deadSince[node.Address] = Now;
        foreach ((ushort port, LiveFlow flow) in _flows.Where(flow => flow.Value.Node == node.Address).ToArray())
        {
            if (Now - flow.EntryAt < Settled)
            {
                _flows.Remove(port); // Nobody else may have heard of its entry: not promised.
            }
            else
            {
                flow.Node = string.Empty;
            }
        }
    }

    /// <summary>All nodes get a configuration, each a moment later than the others; flows stay where they are meanwhile.</summary>
    public void Configure(Func<ServiceConfig, ServiceConfig> change)
    {
        _config = change(_config);
        ServiceConfig config = _config;
        TellAll(new ServiceCommand.Configure(config));
    }

    public void Judge(Endpoint backend, bool up)
    {
        if (up ? _down.Remove(backend) : _down.Add(backend))
        {
            TellAll(new ServiceCommand.Judge(backend, up ? HealthVerdict.Up : HealthVerdict.Down));
            foreach (ushort port in _flows.Where(flow => flow.Value.Backend == VoteHash.Of(backend)).Select(flow => flow.Key).ToArray())
            {
                _flows.Remove(port); // Lost with its backend.
            }
        }
    }

    public void Open(int count)
    {
        for (int i = 0; i < count && _flows.Count < MostFlows && Serving() is { Length: > 0 } serving; i++)
        {
            ushort port = ++_lastPort;
            ShareNode node = serving[_random.Next(serving.Length)];
            ulong backend = node.Send(port, opens: true, out bool isNews);
            if (backend != 0)
            {
                _flows[port] = new LiveFlow(backend) { Node = node.Address, At = Now, EntryAt = isNews ? Now : long.MinValue / 2 };
            }
        }
    }

    /// <summary>Some flows send a packet each.</summary>
    public void Talk(double share)
    {
        ShareNode[] serving = Serving();
        foreach ((ushort port, LiveFlow flow) in _flows.ToArray())
        {
            if (Now - flow.At >= Memory.TotalMilliseconds)
            {
                _flows.Remove(port); // Silent for too long: not promised.
            }
            else if (_random.Next(300) == 0)
            {
                _flows.Remove(port); // Its client has closed it.
            }
            else if (_down.Any(backend => VoteHash.Of(backend) == flow.Backend))
            {
                _flows.Remove(port); // It was opened where that was not known yet.
            }
            else if (serving.Length > 0 && _random.NextDouble() < share)
            {
                TalkOnce(port, flow, serving);
            }
        }
    }

    public void Run(int milliseconds)
    {
        for (long end = Now + milliseconds; Now < end; Now += Step)
        {
            while (_due.TryPeek(out Action? what, out (long At, long Order) when) && when.At <= Now)
            {
                _due.Dequeue();
                what();
            }

            if (Now % 500 == 0)
            {
                TellMembers();
            }

            foreach (ShareNode node in _nodes.Values.Where(node => !node.IsDead).ToArray())
            {
                node.TellNews();
                if (Now % 50 == 0)
                {
                    node.Book.Tick(Ticks);
                }

                if ((Now + (int)(node.Life * 370)) % SweepPace == 0)
                {
                    node.Sweep();
                }

                Carry(node);
            }
        }
    }

    private ShareNode[] Serving() => [.. _nodes.Values.Where(node => !node.IsDead && node.Book.WasCaughtUp)];

    private void TalkOnce(ushort port, LiveFlow flow, ShareNode[] serving)
    {
        bool mayHop = Now >= _quietFrom && Now - flow.EntryAt >= Settled;
        ShareNode? at = serving.FirstOrDefault(node => node.Address == flow.Node);
        if (at is null && !mayHop)
        {
            _flows.Remove(port); // Its node is gone while others are not ready for it: not promised.
            return;
        }

        ShareNode node = mayHop && (at is null || _random.Next(3) == 0) ? serving[_random.Next(serving.Length)] : at!;
        Hops += node.Address == flow.Node ? 0 : 1;
        Talks++;
        ulong backend = node.Send(port, opens: false, out bool isNews);
        Assert.True(
            backend == flow.Backend,
            $"seed {Seed}, {Now} ms: flow {port}, last at {flow.Node} {Now - flow.At} ms ago, went from backend {flow.Backend:x} to {backend:x} at "
            + $"{node.Address}\n{string.Join('\n', _nodes.Values.Select(one => one.Tell(port)))}");
        flow.Node = node.Address;
        flow.At = Now;
        flow.EntryAt = isNews ? Now : flow.EntryAt;
    }

    private void TellAll(ServiceCommand command)
    {
        foreach (ShareNode node in _nodes.Values.Where(node => !node.IsDead))
        {
            At(_random.Next(300), () =>
            {
                if (!node.IsDead)
                {
                    node.Follow(command);
                    Carry(node);
                }
            });
        }

        _quietFrom = Now + 300 + Settled;
    }

    private void TellMembers()
    {
        foreach (ShareNode node in _nodes.Values.Where(node => !node.IsDead).ToArray())
        {
            node.Book.OnMembers(
                [.. _nodes.Keys
                    .Where(other => !_deadSince.TryGetValue(other, out long since) || Now - since < 20_000)
                    .Select(other => new VoteMember(
                        other,
                        IsReachable: !_deadSince.TryGetValue(other, out long since) || Now - since < 3000,
                        IsLost: _deadSince.TryGetValue(other, out long lost) && Now - lost >= 13_000))],
                isIn: true,
                Ticks);
            Carry(node);
        }
    }

    private void At(int later, Action what) => _due.Enqueue(what, (Now + later, _order++));

    private void Carry(ShareNode node)
    {
        for (int turn = 0; node.Book.Drain() is { IsEmpty: false } effects; turn++)
        {
            Assert.True(turn < 100, $"seed {Seed}, {Now} ms: {node.Address} comes to no end");
            foreach (ShareEffect effect in effects)
            {
                Do(node, effect);
            }
        }
    }

    private void Do(ShareNode node, ShareEffect effect)
    {
        switch (effect)
        {
            case ShareEffect.Send send:
                Sent++;
                if (_random.NextDouble() >= Loss)
                {
                    At(Step * (1 + _random.Next(4)), () => Deliver(node, send));
                }

                break;
            case ShareEffect.Write write:
                At(Step, () => Do(node, () =>
                {
                    node.Write(write.Entries);
                    node.Book.OnWritten(write.Receipt, Ticks);
                }));
                break;
            case ShareEffect.Read read:
                At(2 * Step, () => Do(node, () => node.Book.OnRead(read.For, read.Session, node.Read(), Ticks)));
                break;
            case ShareEffect.Tell tell:
                node.Hear(tell.Slots);
                break;
        }
    }

    private void Deliver(ShareNode from, ShareEffect.Send send)
    {
        if (_nodes.TryGetValue(send.To, out ShareNode? to) && !to.IsDead && ShareCodec.Read(send.Message) is { } message)
        {
            Assert.InRange(send.Message.Length, 1, ShareCodec.Longest);
            Do(to, () => to.Book.OnMessage(from.Address, from.Life, message, Ticks));
        }
    }

    private void Do(ShareNode node, Action what)
    {
        if (!node.IsDead)
        {
            what();
            Carry(node);
        }
    }

    private sealed class LiveFlow(ulong backend)
    {
        public ulong Backend => backend;

        public string Node { get; set; } = string.Empty;

        public long At { get; set; }

        /// <summary>When an entry was made for it last.</summary>
        public long EntryAt { get; set; }
    }
}
