namespace Lb.Actors;

/// <summary>Where a share of live flows is from.</summary>
public enum FlowSource
{
    /// <summary>Slots: the flow hash spreads flows evenly over them.</summary>
    Slots,

    /// <summary>The flow table, which holds every live flow of the service.</summary>
    FlowTable,

    /// <summary>Slots, and within moved ones what the flow table says of them.</summary>
    SlotsAndFlowTable,
}

/// <summary>
/// What a change would do to the live flows of a service, as shares of all of them, 0 to 1. A flow moves when its slot
/// gets another backend for new flows; it is protected when it stays where it is all the same, and lost when its next
/// packet goes to another backend.
/// </summary>
/// <param name="Source">Where the shares are from.</param>
/// <param name="Known">Live flows of the service in the flow table.</param>
/// <param name="Moved">Flows on slots that move.</param>
/// <param name="ByPrevious">
/// Of these, flows that stay because the slot remembers its previous backend, which is alive; the flow table remembers
/// each as it shows up.
/// </param>
/// <param name="ByFlowTable">Of these, flows that stay because they are in the flow table.</param>
/// <param name="Lost">
/// Flows that lose their backend. Not all of them need move: a backend that is switched off may have older flows on
/// slots that are others' by now.
/// </param>
public sealed record FlowForecast(
    FlowSource Source, int Known, double Moved, double ByPrevious, double ByFlowTable, double Lost)
{
    /// <summary>Nothing happens to any flow.</summary>
    public static FlowForecast Nothing { get; } = new(FlowSource.Slots, 0, 0, 0, 0, 0);

    /// <summary>Flows on slots that move, and that stay where they are.</summary>
    public double Protected => ByPrevious + ByFlowTable;
}
