using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Tracked flows of a backend.</summary>
/// <param name="Established">Flows past their first packet.</param>
/// <param name="Pending">Flows of which only the SYN was seen.</param>
public readonly record struct FlowCount(int Established, int Pending)
{
    /// <summary>Both.</summary>
    public int Total => Established + Pending;
}

/// <summary>What a sweep found out and is to do.</summary>
/// <param name="Clean">Moved slots that become clean.</param>
/// <param name="WindowOver">
/// Slots of which unknown flows count as new from now on: of UDP with flows left elsewhere than at the current backend, and
/// where there are other nodes those that become clean next.
/// </param>
/// <param name="Stale">Entries that nothing looks up any more.</param>
/// <param name="Flows">Tracked flows by backend id, without the stale ones.</param>
public sealed record SweepResult(
    ImmutableArray<int> Clean,
    ImmutableArray<int> WindowOver,
    ImmutableArray<Flow> Stale,
    ImmutableDictionary<uint, FlowCount> Flows)
{
    /// <summary>Nothing was left to do.</summary>
    public bool IsQuiet => Clean.IsEmpty && WindowOver.IsEmpty && Stale.IsEmpty;

    /// <summary>Of the flows that are counted, those of full-nat.</summary>
    public int FullNat { get; init; }

    /// <summary>Ids of dead backends whose flows are remembered, so that their clients are told.</summary>
    public ImmutableHashSet<uint> Ended { get; init; } = [];

    /// <summary>By slot: it has not waited for the flow memory, or a living flow is on it elsewhere than at its current backend.</summary>
    public ImmutableArray<bool> Busy { get; init; } = [];
}

/// <summary>
/// Decides which moved slots become clean: those on which every flow that is still there goes to the current backend
/// with and without an entry. Pure.
/// </summary>
/// <remarks>
/// Slots become clean first and their entries are removed by a later sweep: as long as the kernel looks an entry up
/// it has to be there. Residue: a flow whose entry the kernel could not make (its insert budget was spent, or the
/// flow table evicted it) is not seen here, and moves when its slot becomes clean.
/// </remarks>
internal static class SweepPlan
{
    /// <summary>How far another node may be ahead with its table.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>Plans a sweep.</summary>
    /// <param name="generation">What the kernel held when the flows were read.</param>
    /// <param name="flows">Entries of the service; <see cref="FlowRecord.Backend"/> is the id in the generation's
    /// slots, 0 when it is none of its backends.</param>
    /// <param name="udpWindow">Time after a change in which an unknown UDP flow counts as older.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    /// <param name="limits">What other nodes keep it from doing; null when there is none.</param>
    public static SweepResult Plan(
        Generation generation, IReadOnlyList<FlowRecord> flows, TimeSpan udpWindow, long now, SlotLimits? limits = null)
    {
        Tracking tracking = generation.Desired.Tracking;
        bool udp = generation.Desired.Vip.Protocol == TransportProtocol.Udp;
        TimeSpan memory = MemoryOf(generation, udpWindow);
        TableState table = generation.Table;
        HashSet<uint> alive = [.. generation.Desired.Backends.Where(b => b.Alive).Select(b => b.Id)];
        // Where clients are told, an entry of a dead backend is of use until its flow would be forgotten anyway.
        HashSet<uint> dead =
            [.. generation.Desired.Backends.Where(b => !b.Alive && generation.Desired.Resets).Select(b => b.Id)];
        HashSet<uint> ended = [];
        bool[] held = new bool[table.Slots.Length];
        ImmutableArray<Flow>.Builder stale = ImmutableArray.CreateBuilder<Flow>();
        Dictionary<uint, FlowCount> counts = [];
        int fullNat = 0;
        foreach (FlowRecord flow in flows)
        {
            bool living = alive.Contains(flow.Backend);
            // What another node has told may be ahead of this node's table.
            bool isOver = tracking == Tracking.Minimal && IsOver(table, flow.Slot) && (limits is null || flow.Idle >= Ahead);
            bool tells = dead.Contains(flow.Backend) && flow.Idle < memory;
            if (!(living || tells) || tracking == Tracking.None || isOver)
            {
                stale.Add(flow.Flow);
                continue;
            }

            if (tells)
            {
                Hold(table, flow, held);
                ended.Add(flow.Backend);
            }
            else if (flow.Idle < memory)
            {
                Hold(table, flow, held);
                Count(counts, flow);
                fullNat += flow.SentFrom is null ? 0 : 1;
            }
        }

        ImmutableArray<int>.Builder clean = ImmutableArray.CreateBuilder<int>();
        ImmutableArray<int>.Builder windowOver = ImmutableArray.CreateBuilder<int>();
        bool[] busy = new bool[table.Slots.Length];
        for (int i = 0; i < table.Slots.Length; i++)
        {
            Slot slot = table.Slots[i];
            if (slot.IsClean)
            {
                continue;
            }

            bool waited = HasWaited(table, i, memory, now);
            // Under full tracking entries are looked up on clean slots too: they hold nothing back.
            busy[i] = !waited || (held[i] && tracking != Tracking.Full);
            if (!busy[i] && (limits is null || (slot.WindowOver && !limits.KeepsOver(i))))
            {
                clean.Add(i);
            }
            else if (!slot.WindowOver && waited && (udp || (!busy[i] && !limits!.KeepsMoved(i))))
            {
                windowOver.Add(i);
            }
        }

        return new SweepResult(
            clean.ToImmutable(), windowOver.ToImmutable(), stale.ToImmutable(), counts.ToImmutableDictionary())
        {
            FullNat = fullNat,
            Ended = [.. ended],
            Busy = ImmutableCollectionsMarshal.AsImmutableArray(busy),
        };
    }

    /// <summary>How long flows of a service may be silent.</summary>
    internal static TimeSpan MemoryOf(Generation generation, TimeSpan udpWindow) =>
        generation.Desired.Vip.Protocol == TransportProtocol.Udp ? udpWindow : generation.Config.FlowMemory;

    /// <summary>A moved slot has waited for older flows to show up.</summary>
    internal static bool HasWaited(TableState table, int slot, TimeSpan memory, long now) =>
        TablePlan.Home(table.Slots[slot]) == table.Slots[slot].Current || now - table.Since[slot] >= memory.Ticks;

    /// <summary>Every slot that the number in an entry may mean is clean.</summary>
    private static bool IsOver(TableState table, uint number)
    {
        (int first, int last) = Range(table, number);
        for (int i = first; i <= last; i++)
        {
            if (!table.Slots[i].IsClean)
            {
                return false;
            }
        }

        return number >= table.Slots.Length || table.Slots[(int)number].IsClean;
    }

    private static void Hold(TableState table, FlowRecord flow, bool[] held)
    {
        (int first, int last) = Range(table, flow.Slot);
        for (int i = first; i <= last; i++)
        {
            held[i] |= table.Slots[i].Current != flow.Backend;
        }

        if (flow.Slot < table.Slots.Length)
        {
            held[flow.Slot] |= table.Slots[(int)flow.Slot].Current != flow.Backend;
        }
    }

    /// <summary>The slots that share the hashes of a slot of the size before; none when the size did not change.</summary>
    private static (int First, int Last) Range(TableState table, uint number)
    {
        long size = table.Slots.Length;
        long before = table.ResizedFrom;
        return before == 0 || number >= before || size == 0
            ? (0, -1)
            : ((int)(number * size / before), (int)(((number + 1) * size - 1) / before));
    }

    private static void Count(Dictionary<uint, FlowCount> counts, FlowRecord flow)
    {
        ref FlowCount count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, flow.Backend, out _);
        count = flow.Pending
            ? count with { Pending = count.Pending + 1 }
            : count with { Established = count.Established + 1 };
    }
}
