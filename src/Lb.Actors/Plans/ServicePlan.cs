using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// What a change would do to the table of a service. The flow hash spreads flows evenly over the slots, so a share of
/// slots is the expected share of live flows.
/// </summary>
/// <param name="Service">Name of the service.</param>
/// <param name="SlotsBefore">Slots of its table now; 0 for a service that is new.</param>
/// <param name="SlotsAfter">Slots afterwards; 0 for one that goes.</param>
/// <param name="Moved">Slots that would send new flows to another backend.</param>
/// <param name="Kept">Of these, slots whose older flows would stay where they are.</param>
/// <param name="Highest">Name of the backend with the most slots afterwards; null when there is none.</param>
/// <param name="HighestShare">Its share of the slots, 0 to 1.</param>
public sealed record ServicePlan(
    string Service, int SlotsBefore, int SlotsAfter, int Moved, int Kept, string? Highest, double HighestShare)
{
    /// <summary>Slots whose older flows would lose their backend.</summary>
    public int Lost => Moved - Kept;

    /// <summary>A service that is new: it has no flow that could move.</summary>
    public static ServicePlan Added(string service) => new(service, 0, 0, 0, 0, null, 0);

    /// <summary>A service that goes: its flows pass to the host.</summary>
    public static ServicePlan Removed(ServiceSnapshot service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new ServicePlan(service.Name, service.Slots, 0, service.Slots, 0, null, 0);
    }

    /// <summary>What another config would do. Backends that nothing is known of yet are taken to pass their checks.</summary>
    /// <param name="state">The service as it is.</param>
    /// <param name="generation">Its table; null before there is one.</param>
    /// <param name="config">The config that it would get.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    public static ServicePlan Of(ServiceState state, Generation? generation, ServiceConfig config, long now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(config);
        ServiceState after = state.Apply(state.Decide(new ServiceCommand.Configure(config)));
        foreach (PoolMember member in after.Members.Values.Where(m => m is { Verdict: HealthVerdict.Unknown, IsProbed: true }))
        {
            after = after.Apply(after.Decide(new ServiceCommand.Judge(member.Socket, HealthVerdict.Up)));
        }

        Generation next = Generation.Next(generation, after, now);
        HashSet<uint> keep = config.Tracking == Tracking.None
            ? []
            : [.. after.Members.Values.Where(member => member.IsAlive).Select(member => member.Id)];
        (int moved, int kept) = Compare(generation?.Table.Slots ?? [], next.Table.Slots, keep);
        KeyValuePair<uint, SlotCount> highest = next.Counts.OrderByDescending(count => count.Value.Current).FirstOrDefault();
        int slots = next.Table.Slots.Length;
        return new ServicePlan(
            config.Name,
            generation?.Table.Slots.Length ?? 0,
            slots,
            moved,
            kept,
            after.Members.Values.FirstOrDefault(member => member.Id == highest.Key)?.Name,
            slots == 0 ? 0 : (double)highest.Value.Current / slots);
    }

    /// <summary>Counts slots with another backend, and those of them whose backend before keeps its flows.</summary>
    private static (int Moved, int Kept) Compare(
        ImmutableArray<Slot> before, ImmutableArray<Slot> after, HashSet<uint> keep)
    {
        if (before.IsEmpty)
        {
            return (0, 0);
        }

        if (after.IsEmpty)
        {
            return (before.Length, 0);
        }

        ReadOnlySpan<Slot> old = before.Length == after.Length
            ? before.AsSpan()
            : TableSize.Carry(before.AsSpan(), after.Length);
        (int moved, int kept) = (0, 0);
        for (int i = 0; i < after.Length; i++)
        {
            if (old[i].Current != 0 && old[i].Current != after[i].Current)
            {
                moved++;
                kept += keep.Contains(old[i].Current) ? 1 : 0;
            }
        }

        return (moved, kept);
    }
}
