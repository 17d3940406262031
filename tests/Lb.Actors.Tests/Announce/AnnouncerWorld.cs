using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors.Tests.Announce;

/// <summary>Announcers of a site in one process and in virtual time, on a pretended network.</summary>
internal sealed class AnnouncerWorld
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly Random _random;
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _due = new();
    private readonly Dictionary<(string Node, IPAddress Vip), long> _known = [];
    private long _order;
    private uint _life;

    public AnnouncerWorld(int seed, int nodes, int vips)
    {
        Seed = seed;
        _random = new Random(seed);
        Vips = [.. Enumerable.Range(0, vips).Select(i => IPAddress.Parse(i % 2 == 0 ? $"203.0.113.{i}" : $"2001:db8::{i:x}"))];
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => new AnnouncerNode($"10.0.0.{i + 1}:9120"))];
    }

    public int Seed { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1000);

    public ImmutableHashSet<IPAddress> Vips { get; set; }

    public List<AnnouncerNode> Nodes { get; }

    /// <summary>Whether a node's message gets to another one.</summary>
    public Func<AnnouncerNode, AnnouncerNode, bool> Connected { get; set; } = (_, _) => true;

    /// <summary>Of a thousand messages, how many get lost.</summary>
    public int Loss { get; set; }

    public bool Prefers { get; set; }

    public IEnumerable<AnnouncerNode> Alive => Nodes.Where(node => node.Rule is not null);

    public AnnouncerWorld StartAll()
    {
        Nodes.ForEach(Start);
        return this;
    }

    public void Start(AnnouncerNode node)
    {
        AnnouncerRule rule = new(node.Address, ++_life, AnnouncerTimes.Default);
        node.Rule = rule;
        node.IsHalted = false;
        foreach (IPAddress vip in Vips)
        {
            _known.Remove((node.Address, vip));
        }

        At(TimeSpan.FromMilliseconds(_random.Next(50)), () => Tick(node, rule));
    }

    /// <summary>Kills a node: it is gone without a word.</summary>
    public static void Kill(AnnouncerNode node)
    {
        node.Rule = null;
        node.Answers.Clear();
    }

    public void Run(TimeSpan time)
    {
        TimeSpan end = Now + time;
        while (_due.TryPeek(out Action? action, out (TimeSpan At, long) key) && key.At <= end)
        {
            _due.Dequeue();
            Now = key.At > Now ? key.At : Now;
            action();
        }

        Now = end;
    }

    public TimeSpan RunUntil(Func<bool> condition, TimeSpan atMost, string what)
    {
        TimeSpan start = Now;
        while (!condition())
        {
            Assert.True(Now - start < atMost, $"seed {Seed}: not within {atMost}: {what}\n{this}");
            Run(Step);
        }

        return Now - start;
    }

    /// <summary>Those who answer for a VIP.</summary>
    public List<AnnouncerNode> HoldersOf(IPAddress vip) =>
        [.. Alive.Where(node => node.Rule!.Held.Any(claim => claim.Vip.Equals(vip)))];

    public bool HasOneHolderEach(Func<AnnouncerNode, bool>? which = null) => Vips.All(
        vip => HoldersOf(vip) is [var one] && (which is null || which(one)));

    public override string ToString() => string.Join('\n', Alive.Select(node =>
        $"{node.Address} able {node.IsAble} draining {node.IsDraining} halted {node.IsHalted}: "
        + string.Join(' ', node.Rule!.Claims.Values.Select(c => $"{c.Vip}={c.Holder}@{c.Term}"))));

    private void Tick(AnnouncerNode node, AnnouncerRule rule)
    {
        if (!ReferenceEquals(node.Rule, rule))
        {
            return;
        }

        if (!node.IsHalted)
        {
            rule.Tick(Now, new AnnouncerInput(
                Vips, [.. Nodes.Select(other => other.Address)], node.IsAble, node.IsDraining, node.TermFloor)
            {
                Prefers = Prefers,
                Blocked = node.Blocked,
            });
            Carry(node);
        }

        At(AnnouncerTimes.Default.Tick * (0.9 + (_random.NextDouble() / 5)), () => Tick(node, rule));
    }

    private void Carry(AnnouncerNode node)
    {
        foreach (AnnouncerEffect effect in node.Rule!.Drain())
        {
            switch (effect)
            {
                case AnnouncerEffect.Send send:
                    Deliver(node, send);
                    break;
                case AnnouncerEffect.Took took:
                    node.Answers.Add(took.Claim.Vip);
                    break;
                case AnnouncerEffect.Gave gave:
                    node.Answers.Remove(gave.Claim.Vip);
                    break;
            }
        }

        foreach (VipClaim claim in node.Rule.Claims.Values)
        {
            long before = _known.GetValueOrDefault((node.Address, claim.Vip));
            Assert.True(claim.Term >= before, $"seed {Seed}: {node.Address} went back from term {before} of {claim}");
            _known[(node.Address, claim.Vip)] = claim.Term;
        }

        Assert.True(
            node.Answers.SetEquals(node.Rule.Held.Select(claim => claim.Vip)),
            $"seed {Seed}: what {node.Address} was told to answer for is not what it holds");
    }

    private void Deliver(AnnouncerNode from, AnnouncerEffect.Send send)
    {
        from.Sent++;
        byte[] bytes = AnnouncerHelloCodec.Write(send.Hello);
        AnnouncerNode? to = Nodes.Find(node => node.Address == send.To);
        if (to is null || _random.Next(1000) < Loss)
        {
            return;
        }

        At(TimeSpan.FromMilliseconds(_random.Next(4)), () => Arrive(from, to, bytes));
    }

    private void Arrive(AnnouncerNode from, AnnouncerNode to, byte[] bytes)
    {
        if (to.IsHalted)
        {
            // It waits in the socket until the process goes on.
            At(TimeSpan.FromMilliseconds(20), () => Arrive(from, to, bytes));
        }
        else if (to.Rule is not null && Connected(from, to))
        {
            to.Rule.OnHello(from.Address, AnnouncerHelloCodec.Read(bytes)!);
            Carry(to);
        }
    }

    private void At(TimeSpan delay, Action action) => _due.Enqueue(action, (Now + delay, _order++));
}

/// <summary>A node of such a site.</summary>
internal sealed class AnnouncerNode(string address)
{
    public string Address { get; } = address;

    public AnnouncerRule? Rule { get; set; }

    public bool IsAble { get; set; } = true;

    public bool IsDraining { get; set; }

    public bool IsHalted { get; set; }

    public ImmutableHashSet<IPAddress> Blocked { get; set; } = [];

    public long TermFloor { get; set; }

    public int Sent { get; set; }

    /// <summary>What it was told to answer for.</summary>
    public HashSet<IPAddress> Answers { get; } = [];
}
