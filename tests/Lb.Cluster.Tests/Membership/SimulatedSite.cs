using System.Collections.Immutable;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Tests.Membership;

/// <summary>A site of many nodes in one process and in virtual time: the real agents on a pretended network and table.</summary>
internal sealed class SimulatedSite(int seed, MembershipOptions? options = null)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _due = new();
    private readonly Dictionary<NodeId, TimeSpan> _seen = [];
    private long _order;

    internal TimeSpan Now { get; private set; } = TimeSpan.FromHours(500_000);

    internal List<SimulatedNode> Nodes { get; } = [];

    internal MembershipState Table { get; set; } = MembershipState.Empty;

    /// <summary>Whether a node's message gets to another one.</summary>
    internal Func<string, string, bool> Connected { get; set; } = (_, _) => true;

    /// <summary>Whether a node reaches the table.</summary>
    internal Func<string, bool> ReachesTable { get; set; } = _ => true;

    /// <summary>Of a thousand messages, how many get lost.</summary>
    internal int Loss { get; set; }

    internal MembershipOptions Options(string address) => (options ?? new MembershipOptions { Address = address }) with
    {
        Address = address,
    };

    internal SimulatedNode Start(string address)
    {
        var node = new SimulatedNode(address, new MembershipAgent(Options(address)));
        Nodes.Add(node);
        node.Agent.Join(Now);
        At(TimeSpan.FromMilliseconds(_random.Next(500)), () => Tick(node));
        Carry(node);
        return node;
    }

    internal List<SimulatedNode> Start(int count) => [.. Enumerable.Range(0, count).Select(i => Start($"10.0.{i / 250}.{i % 250}:1"))];

    internal void Run(TimeSpan time)
    {
        var end = Now + time;
        while (_due.TryPeek(out var action, out var key) && key.At <= end)
        {
            _due.Dequeue();
            Now = key.At > Now ? key.At : Now;
            action();
        }

        Now = end;
    }

    /// <summary>Runs until a condition holds and returns how long that took.</summary>
    internal TimeSpan RunUntil(Func<bool> condition, TimeSpan atMost, string what)
    {
        var start = Now;
        while (!condition())
        {
            Assert.True(Now - start < atMost, $"seed {seed}: not within {atMost}: {what}\n{this}");
            Run(Step);
        }

        return Now - start;
    }

    internal NodeStatus? StatusOf(string address) => Table.Members.GetValueOrDefault(address)?.Status;

    public override string ToString() => string.Join(
        '\n',
        Nodes.Where(node => node.IsAlive).Take(8).Select(node =>
            $"{node.Address}: self {node.View.Self} leader {node.View.Leader} stale {node.View.IsStale} "
            + $"unreachable [{string.Join(' ', node.View.Unreachable.Keys.Take(5))}] {node.View.Problem} {node.View.End}"))
        + "\ntable: " + string.Join(' ', Table.Members.Values.Take(10).Select(m => $"{m.Id}={m.Status}"));

    private void Tick(SimulatedNode node)
    {
        if (!node.IsAlive)
        {
            return;
        }

        if (!node.IsHalted)
        {
            node.Agent.Tick(Now);
            Carry(node);
        }

        At(Options(node.Address).Tick * (0.9 + (_random.NextDouble() / 5)), () => Tick(node));
    }

    /// <summary>Does what a node wants done.</summary>
    internal void Carry(SimulatedNode node)
    {
        foreach (var effect in node.Agent.Drain())
        {
            switch (effect)
            {
                case AgentEffect.Send send:
                    Deliver(node, send);
                    break;
                case AgentEffect.Read read:
                    node.Reads++;
                    Ask(node, () => Read(read.Reader), s => node.Agent.OnRead(Now, s),
                        () => node.Agent.OnReadFailed(Now, "away"));
                    break;
                case AgentEffect.Change change:
                    Ask(node, () => Change(change), d => node.Agent.OnDecision(Now, change.Command, d),
                        () => node.Agent.OnChangeFailed(Now, "away"));
                    break;
            }
        }
    }

    private void Deliver(SimulatedNode from, AgentEffect.Send send)
    {
        from.Sent++;
        Span<byte> bytes = stackalloc byte[ClusterMessageCodec.LongestMessage];
        var length = ClusterMessageCodec.Write(send.Message, bytes);
        from.SentBytes += length;
        var message = ClusterMessageCodec.Read(bytes[..length])!;
        if (_random.Next(1000) < Loss || !Connected(from.Address, send.Address))
        {
            return;
        }

        At(TimeSpan.FromMilliseconds(1 + _random.Next(4)), () =>
        {
            foreach (var node in Nodes.Where(node => node.IsAlive && node.Address == send.Address))
            {
                Within(node, () => node.Agent.OnMessage(Now, message));
            }
        });
    }

    private void Ask<T>(SimulatedNode node, Func<T> work, Action<T> answered, Action failed) =>
        At(TimeSpan.FromMilliseconds(1 + _random.Next(5)), () =>
        {
            if (!ReachesTable(node.Address))
            {
                At(TimeSpan.FromSeconds(2), () => Within(node, failed));
                return;
            }

            var answer = work();
            At(TimeSpan.FromMilliseconds(1 + _random.Next(5)), () => Within(node, () => answered(answer)));
        });

    // What comes while a process is halted waits until it goes on.
    private void Within(SimulatedNode node, Action action)
    {
        if (node.IsHalted)
        {
            At(TimeSpan.FromMilliseconds(100), () => Within(node, action));
        }
        else if (node.IsAlive)
        {
            action();
            Carry(node);
        }
    }

    private MembershipSnapshot Read(NodeId? reader)
    {
        if (reader is not null)
        {
            _seen[reader] = Now;
        }

        return new MembershipSnapshot(Table, Fresh());
    }

    private ImmutableHashSet<NodeId> Fresh() =>
        [.. _seen.Where(seen => Now - seen.Value < MembershipSnapshot.FreshFor).Select(seen => seen.Key)];

    private MembershipDecision Change(AgentEffect.Change change)
    {
        var decision = Table.Decide(
            change.Command,
            new DecisionContext((long)Now.TotalMilliseconds, change.RevisionFloor, change.IncarnationFloor, Fresh()));
        if (change.Command is MembershipCommand.Join join)
        {
            _seen[decision.State.Members[join.Address].Id] = Now;
        }

        Table = decision.State;
        return decision;
    }

    private void At(TimeSpan delay, Action action) => _due.Enqueue(action, (Now + delay, _order++));
}

/// <summary>A node of a simulated site.</summary>
internal sealed class SimulatedNode(string address, MembershipAgent agent)
{
    internal string Address { get; } = address;

    internal MembershipAgent Agent { get; } = agent;

    internal MembershipView View => Agent.View;

    internal bool IsAlive { get; set; } = true;

    internal bool IsHalted { get; set; }

    internal int Sent { get; set; }

    internal int Reads { get; set; }

    internal long SentBytes { get; set; }
}
