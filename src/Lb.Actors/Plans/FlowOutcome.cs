using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A table as the slot rule of the kernel reads it.</summary>
/// <param name="Slots">The slots.</param>
/// <param name="Tracking">Which flows are remembered.</param>
/// <param name="Alive">Backends that keep the flows they have.</param>
internal sealed record PlannedTable(Slot[] Slots, Tracking Tracking, IReadOnlySet<uint> Alive)
{
    /// <summary>Backends whose connections a relay ends, which keeps all others; null where there is no relay.</summary>
    public IReadOnlySet<uint>? Cut { get; init; }

    /// <summary>Whether an established flow of a backend is no longer sent to it.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="entry">Its backend in the flow table; 0 when it is not there.</param>
    /// <param name="backend">The backend that it has.</param>
    public bool Loses(Slot slot, uint entry, uint backend) =>
        Cut?.Contains(backend) ?? Established(slot, entry) != backend;

    /// <summary>Where the packet of an established flow goes that is not in the flow table.</summary>
    public uint Older(Slot slot) =>
        Tracking != Tracking.None && !slot.IsClean && !slot.WindowOver && Alive.Contains(slot.Previous)
            ? slot.Previous
            : slot.Current;

    /// <summary>Where the packet of an established flow goes.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="entry">Its backend in the flow table; 0 when it is not there.</param>
    public uint Established(Slot slot, uint entry) => IsRemembered(slot, entry) ? entry : Older(slot);

    /// <summary>Whether the flow table decides.</summary>
    public bool IsRemembered(Slot slot, uint entry) => LooksUp(slot) && Alive.Contains(entry);

    private bool LooksUp(Slot slot) => Tracking switch
    {
        Tracking.Full => true,
        Tracking.None => false,
        _ => !slot.IsClean,
    };
}

/// <summary>Adds up what becomes of flows, each with its weight.</summary>
/// <param name="before">The table in force.</param>
/// <param name="after">The table to be.</param>
/// <param name="cut">No flow outlives the change, whatever the tables say.</param>
internal sealed class FlowOutcome(PlannedTable before, PlannedTable after, bool cut)
{
    private double _moved;
    private double _byPrevious;
    private double _byFlowTable;
    private double _lost;

    /// <summary>Adds flows of one slot.</summary>
    /// <param name="old">Their slot in the table in force.</param>
    /// <param name="next">Their slot in the table to be.</param>
    /// <param name="entry">Their backend in the flow table; 0 when they are not there.</param>
    /// <param name="weight">Their share of all flows.</param>
    public void Add(Slot old, Slot next, uint entry, double weight)
    {
        if (entry != 0 && !before.Alive.Contains(entry))
        {
            // It has lost its backend before: this change cannot cost it one.
            return;
        }

        uint backend = before.Established(old, entry);
        bool lost = backend != 0 && (cut || after.Loses(next, entry, backend));
        bool moved = old.Current != 0 && (cut || old.Current != next.Current);
        _lost += lost ? weight : 0;
        _moved += moved ? weight : 0;
        if (moved && !lost)
        {
            bool remembered = after.IsRemembered(next, entry);
            _byFlowTable += remembered ? weight : 0;
            _byPrevious += remembered ? 0 : weight;
        }
    }

    public FlowForecast ToForecast(FlowSource source, int known) => new(
        source, known, Share(_moved), Share(_byPrevious), Share(_byFlowTable), Share(_lost));

    /// <summary>Sums of many small weights are not exactly 1.</summary>
    private static double Share(double sum) => Math.Min(1, Math.Round(sum, 9));
}
