using System.Collections.Immutable;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>
/// Nodes with a desk each on one journal, in virtual time: what is asked of the database takes a while, fails before or
/// after it was done, or is not answered at all while the database is away. Nodes die and start again.
/// </summary>
internal sealed class JournalWorld(int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (long At, int Order)> _events = new();
    private readonly List<ChangeAsked> _changes = [];
    private readonly List<ConfigRead> _reads = [];
    private int _order;
    private int _changeIds;

    /// <summary>Keys of the config; all are 0 at first.</summary>
    public static readonly ImmutableSortedDictionary<string, int> Nothing =
        ImmutableSortedDictionary<string, int>.Empty.Add("a", 0).Add("b", 0).Add("c", 0);

    public long Now { get; private set; }

    /// <summary>What is stored.</summary>
    public List<StoredChange> Journal { get; } = [];

    public List<JournalNode> Nodes { get; } = [];

    /// <summary>Nothing is answered; what was asked for before may still be done.</summary>
    public bool IsHalted { get; set; }

    /// <summary>Everything fails at once.</summary>
    public bool IsDead { get; set; }

    /// <summary>How often an answer gets lost, of 100.</summary>
    public int Losses { get; set; }

    /// <summary>How often a change would do too much to live flows, of 100.</summary>
    public int Refusals { get; set; }

    public IReadOnlyList<ChangeAsked> Changes => _changes;

    public ConfigHistory History => new(
        0, Nothing, [.. Journal.Select(row => new JournalRow(row.Change, row.Key, row.Value))], [.. _changes], [.. _reads]);

    public JournalNode AddNode()
    {
        JournalNode node = new(this, $"n{Nodes.Count}");
        Nodes.Add(node);
        node.Start();
        return node;
    }

    public int Random(int most) => _random.Next(most);

    public double Random() => _random.NextDouble();

    public void After(long ticks, Action action) => _events.Enqueue(action, (Now + ticks, _order++));

    public static long Milliseconds(int count) => count * TimeSpan.TicksPerMillisecond;

    /// <summary>Lets time go by.</summary>
    public void Run(TimeSpan time)
    {
        long end = Now + time.Ticks;
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            Action action = _events.Dequeue();
            Now = next.At;
            action();
        }

        Now = end;
    }

    /// <summary>Asks a node for a change, or for the latest it can read.</summary>
    public void Ask(JournalNode node, string key, long? expected)
    {
        ModelCommand command = new(++_changeIds, key, _changeIds, expected);
        int place = _changes.Count;
        ChangeAsked change = new(
            command.Change, node.Name, key, command.Value, expected, Time, TimeSpan.MaxValue, ChangeOutcome.Unknown);
        _changes.Add(change);
        node.Ask(command, answer =>
        {
            Assert.Equal(TimeSpan.MaxValue, _changes[place].Told);
            _changes[place] = answer switch
            {
                long revision => change with { Outcome = ChangeOutcome.Applied, Revision = revision, Told = Time },
                ConfigRefused => change with { Outcome = ChangeOutcome.Stale, Told = Time },
                ConfigUnavailable or ConfigLimited => change with { Outcome = ChangeOutcome.Refused, Told = Time },
                _ => change with { Told = Time },
            };
        });
    }

    public void Read(JournalNode node)
    {
        if (node.State is { } state)
        {
            _reads.Add(new ConfigRead(node.Name, IsLatest: false, Time, Time, state.Revision, state.Values));
        }
    }

    public void ReadLatest(JournalNode node)
    {
        TimeSpan asked = Time;
        node.Ask(new ModelCommand(0, "", 0, null), answer =>
        {
            if (answer is ModelState state)
            {
                _reads.Add(new ConfigRead(node.Name, IsLatest: true, asked, Time, state.Revision, state.Values));
            }
        });
    }

    /// <summary>The database does something for somebody who waits, and may be gone when it is answered.</summary>
    public void Database(Func<object> work, Action<object> answered)
    {
        long there = Milliseconds(1 + Random(10));
        After(there, Arrive);

        void Arrive()
        {
            if (IsHalted)
            {
                // It is done when the database goes on, or never; whoever waits has given up by then.
                if (Random(2) == 0)
                {
                    After(Milliseconds(500), Arrive);
                }
                else
                {
                    After(Milliseconds(3000 + Random(500)), () => answered(new IOException("no answer for 3 s")));
                }

                return;
            }

            if (IsDead || Random(100) < Losses)
            {
                answered(new IOException("connection lost"));
                if (!IsDead && Random(2) == 0)
                {
                    // It was on its way, and is done behind the back of whoever waited.
                    After(Milliseconds(Random(300)), () => work());
                }

                return;
            }

            object done = work();
            bool isLost = Random(100) < Losses;
            After(Milliseconds(1 + Random(10)), () => answered(isLost ? new IOException("connection lost") : done));
        }
    }

    private TimeSpan Time => TimeSpan.FromTicks(Now);
}

/// <summary>A change as it is stored.</summary>
internal sealed record StoredChange(Guid Id, int Change, string Key, int Value);

/// <summary>A wish: change 0 only reads.</summary>
internal sealed record ModelCommand(int Change, string Key, int Value, long? Expected);

/// <summary>What a node knows.</summary>
internal sealed record ModelState(long Revision, ImmutableSortedDictionary<string, int> Values)
{
    public static ModelState Of(IReadOnlyCollection<StoredChange> rows) => new(
        rows.Count, rows.Aggregate(JournalWorld.Nothing, (values, row) => values.SetItem(row.Key, row.Value)));
}
