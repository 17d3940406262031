using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>What becomes of the flows of one moved slot, by the tables before and after a change.</summary>
public sealed class FlowOutcomeTests
{
    private static readonly Slot Moved = new(current: 1, previous: 3);

    [Fact]
    public void A_flow_whose_backend_was_cut_before_is_not_lost_when_that_backend_returns() =>
        Assert.Equal(0, Lost(before: [1, 3], after: [1, 2, 3], entry: 2));

    [Fact]
    public void A_flow_whose_backend_is_cut_by_the_change_is_lost() =>
        Assert.Equal(0.5, Lost(before: [1, 2, 3], after: [1, 3], entry: 2));

    [Fact]
    public void A_flow_that_nobody_remembers_is_lost_with_the_previous_backend() =>
        Assert.Equal(0.5, Lost(before: [1, 3], after: [1], entry: 0));

    private static double Lost(HashSet<uint> before, HashSet<uint> after, uint entry)
    {
        FlowOutcome outcome = new(
            new PlannedTable([Moved], Tracking.Minimal, before), new PlannedTable([Moved], Tracking.Minimal, after), cut: false);
        outcome.Add(Moved, Moved, entry, 0.5);
        return outcome.ToForecast(FlowSource.SlotsAndFlowTable, 1).Lost;
    }
}
