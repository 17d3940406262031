using Lb.Kernel;

namespace Lb.Actors.Tests;

public class TablePlanTests
{
    private const uint A = 1;
    private const uint B = 2;
    private const uint P = 3;

    [Fact]
    public void A_clean_slot_that_leaves_a_living_backend_is_moved() =>
        Assert.Equal(new Slot(A, P), Next(new Slot(P), A, A, P));

    [Fact]
    public void A_clean_slot_that_leaves_a_dead_backend_stays_clean() =>
        Assert.Equal(new Slot(A), Next(new Slot(P), A, A));

    [Fact]
    public void A_slot_that_keeps_its_backend_keeps_its_state()
    {
        Assert.Equal(new Slot(A), Next(new Slot(A), A, A));
        Assert.Equal(new Slot(A, P), Next(new Slot(A, P), A, A, P));
        Assert.Equal(new Slot(A, P, windowOver: true), Next(new Slot(A, P, windowOver: true), A, A, P));
    }

    [Fact]
    public void A_moved_slot_that_changes_again_keeps_its_previous() =>
        Assert.Equal(new Slot(B, P), Next(new Slot(A, P), B, A, B, P));

    [Fact]
    public void A_moved_slot_that_returns_to_its_previous_still_looks_flows_up() =>
        Assert.Equal(new Slot(P, P), Next(new Slot(A, P), P, A, P));

    [Fact]
    public void A_moved_slot_whose_previous_died_still_looks_flows_up()
    {
        // Flows of a third backend may be in the flow table.
        Assert.Equal(new Slot(A, A), Next(new Slot(A, P), A, A));
        Assert.Equal(new Slot(B, B), Next(new Slot(A, P), B, B));
    }

    [Fact]
    public void Once_the_window_is_over_unknown_flows_belong_to_the_current_backend() =>
        Assert.Equal(new Slot(B, A), Next(new Slot(A, P, windowOver: true), B, A, B, P));

    [Fact]
    public void A_backend_that_drains_alone_keeps_its_flows_while_new_ones_are_refused() =>
        Assert.Equal(new Slot(0, P), Next(new Slot(P), 0, P));

    [Fact]
    public void A_slot_without_a_living_previous_keeps_looking_up_while_any_backend_lives() =>
        Assert.Equal(new Slot(0, B), Next(new Slot(0, P), 0, B));

    [Fact]
    public void A_slot_with_no_living_backend_at_all_is_empty() =>
        Assert.Equal(new Slot(0), Next(new Slot(A, P), 0));

    [Fact]
    public void Where_clients_are_told_a_slot_is_moved_from_its_dead_backend()
    {
        Assert.Equal(new Slot(A, P), NextOfTelling(new Slot(P), A, A));
        Assert.Equal(new Slot(0, P), NextOfTelling(new Slot(P), 0));
        // Its unknown flows are P's still, whoever has been there since.
        Assert.Equal(new Slot(B, P), NextOfTelling(new Slot(A, P), B, B));
        Assert.Equal(new Slot(A, P), NextOfTelling(new Slot(A, P), A, A));
        Assert.Equal(new Slot(P, P), NextOfTelling(new Slot(A, P), P, A, P));
        // Once the window is over they are A's.
        Assert.Equal(new Slot(B, A), NextOfTelling(new Slot(A, P, windowOver: true), B, B));
        Assert.Equal(new Slot(A, P, windowOver: true), NextOfTelling(new Slot(A, P, windowOver: true), A, A, P));
        Assert.Equal(new Slot(A), NextOfTelling(new Slot(0), A, A));
    }

    [Fact]
    public void Without_tracking_every_slot_is_clean()
    {
        TableChange change = TablePlan.Change([new Slot(P)], [A], Tracking.None, new HashSet<uint> { A, P });
        Assert.Equal([new Slot(A)], change.Slots);
    }

    [Fact]
    public void Only_slots_whose_older_flows_are_in_no_table_wait_anew()
    {
        TableChange change = TablePlan.Change(
            [new Slot(P), new Slot(A, P), new Slot(A, P, windowOver: true), new Slot(B)],
            [A, B, B, B],
            Tracking.Minimal,
            new HashSet<uint> { A, B, P });
        Assert.Equal([0, 2], change.Waiting);
        Assert.Equal(3, change.Changed);
        Assert.Equal(3, change.Moved);
    }

    [Fact]
    public void Another_number_of_slots_is_refused() => Assert.Throws<ArgumentException>(() =>
        TablePlan.Change([new Slot(A)], [A, A], Tracking.Minimal, new HashSet<uint>()));

    private static Slot NextOfTelling(Slot old, uint current, params uint[] alive) =>
        TablePlan.Change([old], [current], Tracking.Minimal, alive.ToHashSet(), resets: true).Slots[0];

    private static Slot Next(Slot old, uint current, params uint[] alive) =>
        TablePlan.Change([old], [current], Tracking.Minimal, alive.ToHashSet()).Slots[0];
}
