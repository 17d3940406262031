using System.Collections.Immutable;

namespace Lb.Actors.Tests.Slices;

/// <summary>
/// Nodes that share one limit, on a network that loses, repeats and delays, in virtual time, each with a clock of its own
/// speed. Who is a member, and when nodes get to know of it, is set by the test.
/// </summary>
internal sealed class SliceWorld
{
    public static readonly SliceKey Service = new(77, 0);
    public static readonly SliceKey Backend = new(77, 5);

    private const int Step = 20;
    private readonly Random _random;
    private readonly PriorityQueue<(string From, long Life, string To, byte[] Bytes), long> _wire = new();
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string By, string Of), long> _seen = [];
    private long _lives;
    private long _epoch;

    public SliceWorld(int seed, int nodes, int limit)
    {
        _random = new Random(seed);
        Limit = limit;
        Members = [.. Enumerable.Range(1, nodes).Select(NameOf)];
        foreach (string name in Members)
        {
            Start(name);
        }
    }

    /// <summary>Milliseconds.</summary>
    public long Now { get; private set; }

    public int Limit { get; private set; }

    public double Loss { get; set; }

    public int MostDelay { get; set; } = 20;

    /// <summary>Who is in, as the table says.</summary>
    public ImmutableSortedSet<string> Members { get; private set; }

    /// <summary>When somebody was given up last.</summary>
    public long GoneAt { get; private set; } = long.MinValue / 2;

    /// <summary>One-way paths on which nothing passes.</summary>
    public HashSet<(string From, string To)> Cut { get; } = [];

    public IEnumerable<Node> Alive => _nodes.Values.Where(node => !node.IsDead);

    public Node this[int number] => _nodes[NameOf(number)];

    public static string NameOf(int number) => $"10.0.0.{number}:9120";

    /// <summary>What all nodes together may use, each by its own clock.</summary>
    public int Usable(SliceKey key) => Alive.Sum(node => node.Usable(key, Now));

    public void Start(string name)
    {
        long offset = _random.NextInt64(1, 1L << 40);
        double speed = 0.9 + (0.2 * _random.NextDouble());
        Node node = new(name, ++_lives, offset, speed) { LimitKnown = Limit };
        _nodes[name] = node;
        node.Book = new SliceBook(name, session: _random.NextInt64(1, long.MaxValue), node.Ticks(Now));
        node.Configure();
        Know(node);
    }

    public void Kill(Node node) => node.IsDead = true;

    /// <summary>A node that is to end admits nothing more; it has the connections that it has.</summary>
    public void End(Node node)
    {
        node.Ends = true;
        node.Book.End(node.Ticks(Now));
        Carry(node);
    }

    /// <summary>A process that was to end has ended, and the node is no member any more.</summary>
    public void Leave(Node node)
    {
        Kill(node);
        Change(Members.Remove(node.Name));
    }

    /// <summary>What nodes that do not end may use, and what those that end have open.</summary>
    public int Taken() => Alive.Sum(node => node.Ends ? node.Used : node.Usable(Service, Now));

    /// <summary>Two groups that hear nothing of each other.</summary>
    public void Split(IReadOnlyCollection<string> side)
    {
        foreach (string a in Members.Union(_nodes.Keys))
        {
            foreach (string b in Members.Union(_nodes.Keys).Where(b => side.Contains(a) != side.Contains(b)))
            {
                Cut.Add((a, b));
            }
        }
    }

    /// <summary>The table of members changes; nodes get to know of it one after the other, within 2 s.</summary>
    public void Change(ImmutableSortedSet<string> members)
    {
        GoneAt = Members.IsSubsetOf(members) ? GoneAt : Now;
        Members = members;
        _epoch++;
        foreach (Node node in _nodes.Values)
        {
            node.KnowsAt = Now + _random.Next(0, 2000);
        }
    }

    /// <summary>The config changes; nodes get to know of it one after the other, within a second.</summary>
    public void Configure(int limit)
    {
        Limit = limit;
        foreach (Node node in _nodes.Values)
        {
            node.ConfiguredAt = Now + _random.Next(0, 1000);
        }
    }

    public void Run(int milliseconds, Action? check = null)
    {
        for (long end = Now + milliseconds; Now < end;)
        {
            Now += Step;
            while (_wire.TryPeek(out _, out long at) && at <= Now)
            {
                (string from, long life, string to, byte[] bytes) = _wire.Dequeue();
                if (_nodes.TryGetValue(to, out Node? node) && node is { IsDead: false } && !node.IsHalted(Now))
                {
                    SliceMessage message = SliceCodec.Read(bytes)!;
                    node.Book.OnMessage(from, life, node.IsOld ? AsBefore(message) : message, node.Ticks(Now));
                    Carry(node);
                }
            }

            foreach (Node node in Alive.Where(node => !node.IsHalted(Now)).ToArray())
            {
                Turn(node);
            }

            check?.Invoke();
        }
    }

    private void Turn(Node node)
    {
        if (Now >= node.ConfiguredAt)
        {
            node.ConfiguredAt = long.MaxValue;
            node.LimitKnown = Limit;
            node.Configure();
        }

        Know(node);
        node.Load(_random, Now);
        if (Now >= node.TickAt)
        {
            node.TickAt = Now + 500;
            node.Book.Tick(node.Ticks(Now));
        }

        node.Book.Look(node.Ticks(Now));
        Carry(node);
    }

    /// <summary>Who is a member is known late; who cannot be reached is known when nothing was heard of it for a while.</summary>
    private void Know(Node node)
    {
        if (Now >= node.KnowsAt)
        {
            node.KnowsAt = long.MaxValue;
            node.Known = Members;
            node.Epoch = _epoch;
        }

        ImmutableArray<VoteMember> view = [.. node.Known.Select(name => new VoteMember(name, Reaches(node.Name, name), false)
        {
            Life = _nodes.GetValueOrDefault(name)?.Life ?? 0,
        })];
        bool isIn = node.Known.Contains(node.Name) && Now >= node.JoinedAt;
        if (!view.SequenceEqual(node.View) || isIn != node.IsIn)
        {
            (node.View, node.IsIn) = (view, isIn);
            node.Book.OnMembers(view, node.Epoch, isIn, node.Ticks(Now));
            Carry(node);
        }
    }

    private bool Reaches(string by, string of)
    {
        bool open = by == of || (!Cut.Contains((by, of)) && !Cut.Contains((of, by))
            && _nodes.TryGetValue(of, out Node? node) && !node.IsDead && !node.IsHalted(Now));
        if (open)
        {
            _seen[(by, of)] = Now + 500 + _random.Next(2500);
        }

        return open || Now < _seen.GetValueOrDefault((by, of));
    }

    private void Carry(Node node)
    {
        foreach (SliceEffect effect in node.Book.Drain())
        {
            switch (effect)
            {
                case SliceEffect.Use use:
                    node.Uses[use.Key] = (use.Amount, use.Until);
                    break;
                case SliceEffect.Mixed mixed:
                    node.Mixed = mixed.Node;
                    break;
                case SliceEffect.Send send when !Cut.Contains((node.Name, send.To)):
                    for (int copies = _random.NextDouble() < Loss / 4 ? 2 : 1; copies > 0; copies--)
                    {
                        if (_random.NextDouble() >= Loss)
                        {
                            SliceMessage message = node.IsOld ? AsBefore(send.Message) : send.Message;
                            _wire.Enqueue((node.Name, node.Life, send.To, SliceCodec.Write(message)), Now + _random.Next(1, MostDelay));
                        }
                    }

                    break;
            }
        }
    }

    /// <summary>What a release says, or understands, that knows of no orderly end.</summary>
    private static SliceMessage AsBefore(SliceMessage message) => message switch
    {
        SliceMessage.Hello hello => new SliceMessage.Hello(hello.Session, hello.Stamp),
        SliceMessage.Claim claim => claim with { Entries = [.. claim.Entries.Select(entry => entry with { Ends = false })] },
        _ => message,
    };

    internal sealed class Node(string name, long life, long offset, double speed)
    {
        public string Name => name;

        public long Life => life;

        public SliceBook Book { get; set; } = null!;

        public bool IsDead { get; set; }

        /// <summary>Of a release that knows of no orderly end.</summary>
        public bool IsOld { get; set; }

        public bool Ends { get; set; }

        /// <summary>Its relay has ended, and its connections with it.</summary>
        public bool IsClosed { get; set; }

        public long HaltedUntil { get; set; }

        public long JoinedAt { get; set; }

        public long KnowsAt { get; set; }

        public long ConfiguredAt { get; set; } = long.MaxValue;

        public int LimitKnown { get; set; }

        public long TickAt { get; set; }

        public long Epoch { get; set; }

        public ImmutableSortedSet<string> Known { get; set; } = [];

        public ImmutableArray<VoteMember> View { get; set; } = [];

        public bool IsIn { get; set; }

        public string? Mixed { get; set; }

        public Dictionary<SliceKey, (int Amount, long Until)> Uses { get; } = [];

        /// <summary>Connections that its clients want at once.</summary>
        public int Wanted { get; set; }

        /// <summary>Connections that it has.</summary>
        public int Used { get; private set; }

        public bool IsHalted(long now) => now < HaltedUntil;

        public long Ticks(long now) => offset + (long)(now * TimeSpan.TicksPerMillisecond * speed);

        public int Usable(SliceKey key, long now) =>
            Uses.TryGetValue(key, out (int Amount, long Until) use) && Ticks(now) < use.Until ? use.Amount : 0;

        public void Configure() => Book.Configure(
            Service.Service, new Dictionary<ulong, int> { [Service.Backend] = LimitKnown, [Backend.Backend] = LimitKnown });

        /// <summary>Clients come and go; some of those that are there end.</summary>
        public void Load(Random random, long now)
        {
            int most = Math.Min(Usable(Service, now), LimitKnown);
            if (Used > 0 && (Used > Wanted || random.Next(20) == 0))
            {
                Used--;
            }

            bool missed = Used < Wanted && Used >= most;
            if (Used < Wanted && Used < most)
            {
                Used = Math.Min(Wanted, most);
            }

            Used = IsClosed ? 0 : Used;

            Book.OnRelay(Service.Service, runs: true);
            Book.Observe(Service, Used, missed, Ticks(now));
            Book.Observe(Backend, 0, false, Ticks(now));
        }
    }
}
