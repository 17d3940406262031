using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Foretells what a change does to live flows. Pure. Where every flow is tracked it goes through them one by one. Else
/// it goes through the slots, which the flow hash fills evenly; on moved ones the flow table tells which of their flows
/// are where.
/// </summary>
internal static class FlowForecaster
{
    /// <summary>Whether the flow table knows anything that the slots do not.</summary>
    public static bool NeedsFlows(Generation? generation) =>
        generation is not null
        && (generation.Desired.Tracking == Tracking.Full
            || (generation.Desired.Tracking == Tracking.Minimal && generation.Table.Moved > 0));

    /// <summary>Foretells it.</summary>
    /// <param name="before">The table in force, and the flow hash with it.</param>
    /// <param name="after">The table to be.</param>
    /// <param name="live">Live flows of the service in the flow table; null when it was not read.</param>
    /// <param name="cut">No flow outlives the change.</param>
    public static FlowForecast Of(
        (PlannedTable Table, FlowHashing Hashing) before,
        (PlannedTable Table, FlowHashing Hashing) after,
        IReadOnlyList<FlowRecord>? live,
        bool cut)
    {
        Slot[] old = before.Table.Slots;
        Slot[] next = after.Table.Slots.Length == 0 ? [default] : after.Table.Slots;
        if (old.Length == 0)
        {
            return FlowForecast.Nothing;
        }

        FlowOutcome outcome = new(before.Table, after.Table, cut);
        if (before.Table.Tracking == Tracking.Full && live is not null)
        {
            foreach (FlowRecord flow in live)
            {
                outcome.Add(SlotOf(old, flow, before.Hashing), SlotOf(next, flow, after.Hashing), flow.Backend, 1.0 / live.Count);
            }

            return outcome.ToForecast(FlowSource.FlowTable, live.Count);
        }

        bool asked = live is not null && before.Table.Tracking == Tracking.Minimal;
        ILookup<uint, FlowRecord> bySlot = (asked ? live! : [])
            .ToLookup(flow => before.Hashing.Slot(flow.Flow, (uint)old.Length));
        bool helped = false;
        for (int i = 0; i < old.Length; i++)
        {
            int count = old[i].IsClean ? 0 : bySlot[(uint)i].Count();
            if (count > 0)
            {
                helped = true;
                foreach (FlowRecord flow in bySlot[(uint)i])
                {
                    outcome.Add(old[i], SlotOf(next, flow, after.Hashing), flow.Backend, 1.0 / old.Length / count);
                }
            }
            else if (before.Hashing == after.Hashing)
            {
                AddSlot(outcome, old, i, next);
            }
            else
            {
                AddAnywhere(outcome, old[i], 1.0 / old.Length, next);
            }
        }

        return outcome.ToForecast(helped ? FlowSource.SlotsAndFlowTable : FlowSource.Slots, live?.Count ?? 0);
    }

    /// <summary>A slot of one size overlaps slots of another: a flow keeps its place between 0 and 1.</summary>
    private static void AddSlot(FlowOutcome outcome, Slot[] old, int i, Slot[] next)
    {
        // In units of 1 / (old.Length * next.Length) the slot is from `from` to `to`.
        long from = (long)i * next.Length;
        long to = from + next.Length;
        for (long at = from; at < to;)
        {
            long j = at / old.Length;
            long end = Math.Min(to, (j + 1) * old.Length);
            outcome.Add(old[i], next[j], 0, (double)(end - at) / old.Length / next.Length);
            at = end;
        }
    }

    /// <summary>With another hash a flow may be on any slot.</summary>
    private static void AddAnywhere(FlowOutcome outcome, Slot old, double weight, Slot[] next)
    {
        foreach (IGrouping<Slot, Slot> same in next.GroupBy(slot => slot))
        {
            outcome.Add(old, same.Key, 0, weight * same.Count() / next.Length);
        }
    }

    private static Slot SlotOf(Slot[] slots, FlowRecord flow, FlowHashing hashing) =>
        slots[hashing.Slot(flow.Flow, (uint)slots.Length)];
}
