using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A slot that becomes another because of what other nodes say.</summary>
/// <param name="Number">Its number.</param>
/// <param name="To">What it becomes.</param>
/// <param name="Since">Since when it waits, in ticks.</param>
internal readonly record struct SlotChange(int Number, Slot To, long Since);

/// <summary>
/// A service's slots among those of other nodes: what its sweep may do, what it takes over, and what it says. Knows no time
/// but what it is told, in ticks.
/// </summary>
internal sealed class SharedTable
{
    // What the last sweep has found of the slots; nothing while the table is another.
    private ImmutableArray<bool> _busy = [];
    private string _busyOf = string.Empty;

    // What was said last, and of what: saying it again costs nothing.
    private SlotReport? _said;
    private TableState? _saidOf;
    private bool[] _saidBusy = [];

    // Reports that had nothing to look up for this table.
    private readonly HashSet<SlotReport> _lookedUp = new(ReferenceEqualityComparer.Instance);
    private TableState? _lookedUpFor;

    private readonly Dictionary<string, long> _differs = new(StringComparer.Ordinal);
    private ulong _digest;
    private long? _joinedUntil;
    private long? _joiningSince;

    /// <summary>What others say.</summary>
    public PeerSlots View { get; private set; } = PeerSlots.Nothing;

    /// <summary>What others know of the service has been taken over, since the node began to join.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>The joining that it has taken part in; null while it has not.</summary>
    public int? Joined => IsJoined ? View.Join : null;

    /// <summary>It would take over what others know, and waits for its table to be theirs.</summary>
    public bool WaitsForTable => !IsJoined && _joinedUntil is not null;

    /// <summary>What was to be taken over was not: the table was another by then.</summary>
    public void Retry() => IsJoined = false;

    /// <summary>Others say something.</summary>
    public void Hear(PeerSlots view)
    {
        if (view.Join != View.Join)
        {
            IsJoined = false;
            _joinedUntil = null;
        }

        View = view;
    }

    /// <summary>The slots were swept.</summary>
    public void Swept(Generation generation, SweepResult result)
    {
        _busy = result.Busy;
        _busyOf = generation.Digest;
        if (!_busy.AsSpan().SequenceEqual(_saidBusy))
        {
            _said = null;
        }
    }

    /// <summary>
    /// What others are to know of the slots: each that is not clean is busy until a sweep of this table has found otherwise,
    /// and from when it is moved once more.
    /// </summary>
    /// <param name="generation">As the kernel holds it.</param>
    /// <param name="memory">How long a flow may be silent.</param>
    /// <param name="now">Now.</param>
    public SlotReport ReportOn(Generation generation, TimeSpan memory, long now)
    {
        TableState table = generation.Table;
        if (_said is not null && ReferenceEquals(_saidOf, table) && _said.Digest == SlotReport.DigestOf(generation))
        {
            return _said;
        }

        bool isSwept = _busyOf == generation.Digest && _busy.Length == table.Slots.Length;
        bool[] busy = new bool[isSwept && table.Moved > 0 ? table.Slots.Length : 0];
        for (int i = 0; i < busy.Length; i++)
        {
            busy[i] = !table.Slots[i].IsClean && (_busy[i] || !SweepPlan.HasWaited(table, i, memory, now));
        }

        _saidOf = table;
        _saidBusy = busy;
        return _said = SlotReport.Of(generation, busy);
    }

    /// <summary>
    /// What others keep a sweep from doing; null when there is nobody else, and has not been for the flow memory.
    /// </summary>
    /// <param name="generation">What is swept.</param>
    /// <param name="memory">How long a flow may be silent.</param>
    /// <param name="now">Now.</param>
    public SlotLimits? Limits(Generation generation, TimeSpan memory, long now)
    {
        ulong digest = SlotReport.DigestOf(generation);
        if (digest != _digest)
        {
            _digest = digest;
            _differs.Clear();
        }

        SlotLimits limits = new(generation.Table.Slots.Length);
        bool any = false;
        foreach (PeerTable table in View.Tables)
        {
            bool lost = table.IsLost;
            if (lost && (now - table.HeardAt >= memory.Ticks || table.Report is null))
            {
                continue;
            }

            any = true;
            if (lost)
            {
                AddLost(limits, table.Report!, generation.Table.Slots.Length);
            }
            else if (table.Report is { } report && IsOf(report, generation, digest))
            {
                _differs.Remove(table.Node);
                limits.Add(report);
            }
            else
            {
                _differs.TryAdd(table.Node, now);
                if (now - _differs[table.Node] < ShareTimes.Differs.Ticks)
                {
                    limits.KeepAll();
                }
            }
        }

        _joiningSince = View.IsJoining && !IsJoined ? _joiningSince ?? now : null;
        if (now - _joiningSince < memory.Ticks)
        {
            limits.KeepAll();
            any = true;
        }

        return any ? limits : null;
    }

    /// <summary>
    /// What becomes of slots by what others say. A node that joins goes by those that have been there without a gap: theirs
    /// is the newer past. Any other makes a slot that it has clean look entries up while somebody has older flows on it.
    /// </summary>
    public ImmutableArray<SlotChange> Adopt(Generation generation, long now)
    {
        if (!View.IsJoining)
        {
            IsJoined = true;
            _joinedUntil = null;
            return LookUp(generation, now);
        }

        if (!View.IsWhole || IsJoined)
        {
            return [];
        }

        SlotReport[] established = [.. Agreeing(generation, established: true)];
        SlotReport[] others = [.. Agreeing(generation, established: false)];
        bool waits = View.Tables.Any(table => !table.IsLost && table.IsEstablished) && established.Length == 0;
        _joinedUntil ??= now + ShareTimes.JoinPatience.Ticks;
        if (waits && now < _joinedUntil)
        {
            return [];
        }

        IsJoined = true;
        return Join(generation, established, others, now);
    }

    /// <summary>Clean slots that somebody else has older flows on. Mostly there are none, and nothing is made for that.</summary>
    private ImmutableArray<SlotChange> LookUp(Generation generation, long now)
    {
        ImmutableArray<Slot> slots = generation.Table.Slots;
        SlotReport[] reports = [.. Agreeing(generation)];
        if (!ReferenceEquals(_lookedUpFor, generation.Table))
        {
            _lookedUp.Clear();
        }

        Dictionary<int, SlotState>? held = null;
        foreach (SlotReport report in reports.Where(report => !_lookedUp.Contains(report)))
        {
            foreach (SlotRun run in report.Runs)
            {
                for (int i = run.Start; i < run.End && run.State.Busy; i++)
                {
                    if (slots[i].IsClean && (held is null || !held.TryGetValue(i, out SlotState known) || IsStronger(run.State, known)))
                    {
                        (held ??= [])[i] = run.State;
                    }
                }
            }
        }

        if (held is null || generation.Desired.Tracking == Tracking.None)
        {
            _lookedUpFor = generation.Table;
            _lookedUp.IntersectWith(reports);
            _lookedUp.UnionWith(reports);
            return [];
        }

        Dictionary<ulong, uint> ids = IdsOf(generation);
        return [.. held.OrderBy(slot => slot.Key).Select(slot => new SlotChange(
            slot.Key, Looking(slots[slot.Key], ids.GetValueOrDefault(slot.Value.Previous), generation), now))];
    }

    /// <summary>A slot that looks entries up and sends flows that it does not know to its own backend.</summary>
    private static Slot Looking(Slot slot, uint previous, Generation generation) =>
        new(slot.Current, previous == 0 ? Refuge(slot, generation) : previous, windowOver: true);

    private static Dictionary<ulong, uint> IdsOf(Generation generation) =>
        generation.Desired.Backends.ToDictionary(b => VoteHash.Of(b.Socket), b => b.Id);

    private static ImmutableArray<SlotChange> Join(
        Generation generation, SlotReport[] established, SlotReport[] others, long now)
    {
        TableState table = generation.Table;
        if (generation.Desired.Tracking == Tracking.None || (established.Length == 0 && others.Length == 0))
        {
            return [];
        }

        Dictionary<ulong, uint> ids = IdsOf(generation);
        SlotState?[] wise = Strongest(table.Slots.Length, established, onlyBusy: false);
        SlotState?[] busy = Strongest(table.Slots.Length, others, onlyBusy: true);
        ImmutableArray<SlotChange>.Builder changes = ImmutableArray.CreateBuilder<SlotChange>();
        for (int i = 0; i < table.Slots.Length; i++)
        {
            Slot slot = table.Slots[i];
            if (wise[i] is { } state)
            {
                uint previous = ids.GetValueOrDefault(state.Previous);
                bool over = state.Step == SlotStep.Over || previous == 0;
                Slot to = new(slot.Current, previous == 0 ? Refuge(slot, generation) : previous, over);
                Add(i, to, state.Since);
            }
            else if (slot.IsClean && busy[i] is { } held)
            {
                Add(i, Looking(slot, ids.GetValueOrDefault(held.Previous), generation), now);
            }
            else if (established.Length > 0 && !slot.IsClean)
            {
                Add(i, busy[i] is null ? new Slot(slot.Current) : new Slot(slot.Current, slot.Previous, windowOver: true), now);
            }
        }

        return changes.ToImmutable();

        void Add(int number, Slot to, long since)
        {
            if (to != table.Slots[number] || (!to.IsClean && since < table.Since[number]))
            {
                changes.Add(new SlotChange(number, to, to.IsClean ? 0 : since));
            }
        }
    }

    /// <summary>Any backend: the slot has to be moved from one for entries to be looked up.</summary>
    private static uint Refuge(Slot slot, Generation generation) =>
        slot.Current != 0 ? slot.Current : generation.Desired.Backends.FirstOrDefault(b => b.Alive)?.Id ?? 0;

    /// <summary>Of what several say of a slot, what keeps most flows where they are.</summary>
    private static SlotState?[] Strongest(int slots, SlotReport[] reports, bool onlyBusy)
    {
        SlotState?[] strongest = new SlotState?[slots];
        foreach (SlotRun run in reports.SelectMany(report => report.Runs).Where(run => run.State.Busy || !onlyBusy))
        {
            for (int i = run.Start; i < Math.Min(run.End, slots); i++)
            {
                if (strongest[i] is not { } known || IsStronger(run.State, known))
                {
                    strongest[i] = run.State;
                }
            }
        }

        return strongest;
    }

    private static bool IsStronger(SlotState state, SlotState than) =>
        state.Step != than.Step ? state.Step == SlotStep.Moved
        : state.Busy != than.Busy ? state.Busy
        : state.Since < than.Since;

    private static void AddLost(SlotLimits limits, SlotReport report, int slots)
    {
        if (report.Slots == slots)
        {
            limits.AddLost(report);
        }
        else if (report.Runs.States.Any(state => state.Busy))
        {
            limits.KeepAll();
        }
    }

    private static bool IsOf(SlotReport report, Generation generation, ulong digest) =>
        report.Digest == digest && report.Slots == generation.Table.Slots.Length;

    private IEnumerable<SlotReport> Agreeing(Generation generation, bool? established = null)
    {
        ulong digest = SlotReport.DigestOf(generation);
        return View.Tables
            .Where(table => !table.IsLost && (established is null || table.IsEstablished == established))
            .Select(table => table.Report)
            .OfType<SlotReport>()
            .Where(report => IsOf(report, generation, digest));
    }
}
