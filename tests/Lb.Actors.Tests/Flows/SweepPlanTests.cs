using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests;

public class SweepPlanTests
{
    private const uint A = 1;
    private const uint P = 2;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    [Fact]
    public void A_moved_slot_waits_for_the_flow_memory()
    {
        Assert.Empty(Plan([new Slot(A, P)], Memory - TimeSpan.FromTicks(1)).Clean);
        Assert.Equal([0], Plan([new Slot(A, P)], Memory).Clean.AsEnumerable());
    }

    [Fact]
    public void A_live_flow_elsewhere_holds_its_slot_and_no_other()
    {
        SweepResult result = Plan([new Slot(A, P), new Slot(A, P)], Memory, Flow(1, P, slot: 1));
        Assert.Equal([0], result.Clean.AsEnumerable());
        Assert.Equal(1, result.Flows[P].Established);
    }

    [Fact]
    public void A_flow_at_the_current_backend_holds_nothing() =>
        Assert.Equal([0], Plan([new Slot(A, P)], Memory, Flow(1, A)).Clean.AsEnumerable());

    [Fact]
    public void A_flow_silent_for_the_flow_memory_holds_nothing() =>
        Assert.Equal([0], Plan([new Slot(A, P)], Memory, Flow(1, P) with { Idle = Memory }).Clean.AsEnumerable());

    [Fact]
    public void A_slot_that_returned_to_its_previous_need_not_wait()
    {
        Assert.Equal([0], Plan([new Slot(P, P)], TimeSpan.Zero).Clean.AsEnumerable());
        Assert.Empty(Plan([new Slot(P, P)], TimeSpan.Zero, Flow(1, A)).Clean);
    }

    [Fact]
    public void Entries_on_clean_slots_and_of_dead_backends_go()
    {
        FlowRecord onClean = Flow(1, A, slot: 0);
        FlowRecord dead = Flow(2, 9, slot: 1);
        FlowRecord needed = Flow(3, A, slot: 1);
        SweepResult result = Plan([new Slot(A), new Slot(A, P)], TimeSpan.Zero, onClean, dead, needed);
        Assert.Equal([onClean.Flow, dead.Flow], result.Stale.AsEnumerable());
    }

    [Fact]
    public void Where_clients_are_told_entries_of_dead_backends_stay_and_hold_their_slot_for_the_flow_memory()
    {
        Generation telling = Generation([new Slot(A, P), new Slot(A, P), new Slot(A)], Tracking.Minimal);
        telling = telling with
        {
            Desired = telling.Desired with
            {
                Resets = true,
                Backends = [.. telling.Desired.Backends.Select(b => b with { Alive = b.Id == A })],
            },
        };
        FlowRecord told = Flow(1, P, slot: 0);
        FlowRecord silent = Flow(2, P, slot: 1) with { Idle = Memory };
        FlowRecord onClean = Flow(3, P, slot: 2);
        FlowRecord unknown = Flow(4, 9, slot: 0);
        SweepResult result = SweepPlan.Plan(telling, [told, silent, onClean, unknown], Window, Memory.Ticks);
        Assert.Equal([silent.Flow, onClean.Flow, unknown.Flow], result.Stale.AsEnumerable());
        Assert.Equal([1], result.Clean.AsEnumerable());
        Assert.Equal([P], result.Ended.AsEnumerable());
        Assert.Empty(result.Flows);
    }

    [Fact]
    public void Entries_of_a_slot_that_becomes_clean_stay_for_this_sweep() =>
        Assert.Empty(Plan([new Slot(A, P)], Memory, Flow(1, A)).Stale);

    [Fact]
    public void Under_full_tracking_entries_stay_and_hold_nothing()
    {
        SweepResult result = SweepPlan.Plan(
            Generation([new Slot(A), new Slot(A, P)], Tracking.Full),
            [Flow(1, P, slot: 0), Flow(2, P, slot: 1)],
            Window,
            Memory.Ticks);
        Assert.Equal([1], result.Clean.AsEnumerable());
        Assert.Empty(result.Stale);
    }

    [Fact]
    public void Without_tracking_every_entry_goes() => Assert.Single(SweepPlan.Plan(
        Generation([new Slot(A)], Tracking.None), [Flow(1, A)], Window, 0).Stale);

    [Fact]
    public void The_window_of_a_udp_slot_ends_before_it_is_clean_while_flows_are_elsewhere()
    {
        Generation moved = Generation([new Slot(A, P)], Tracking.Minimal, TransportProtocol.Udp);
        Assert.Empty(SweepPlan.Plan(moved, [Flow(1, P)], Window, Window.Ticks - 1).WindowOver);
        Assert.Equal([0], SweepPlan.Plan(moved, [Flow(1, P)], Window, Window.Ticks).WindowOver.AsEnumerable());
        Generation over = moved.Settle([], [0]);
        Assert.True(over.Table.Slots[0].WindowOver);
        Assert.Empty(SweepPlan.Plan(over, [Flow(1, P)], Window, Window.Ticks).Clean);
        Assert.Equal([0], SweepPlan.Plan(over, [Flow(1, P) with { Idle = Window }], Window, Window.Ticks).Clean.AsEnumerable());
    }

    [Fact]
    public void A_udp_slot_with_no_flow_elsewhere_is_clean_when_its_window_ends() => Assert.Equal(
        [0],
        SweepPlan.Plan(
            Generation([new Slot(A, P)], Tracking.Minimal, TransportProtocol.Udp), [], Window, Window.Ticks)
            .Clean.AsEnumerable());

    [Fact]
    public void Pending_flows_are_counted_apart()
    {
        SweepResult result = Plan([new Slot(A, P)], TimeSpan.Zero, Flow(1, A), Flow(2, A) with { Pending = true });
        Assert.Equal(new FlowCount(1, 1), result.Flows[A]);
    }

    [Fact]
    public void After_a_change_of_size_a_flow_holds_every_slot_that_its_number_may_mean()
    {
        Generation resized = Generation([.. Enumerable.Repeat(new Slot(A, P), 8)], Tracking.Minimal);
        resized = resized with { Table = resized.Table with { ResizedFrom = 4 } };
        // Slot 1 of 4 is slots 2 and 3 of 8; slot 1 of 8 is itself.
        ImmutableArray<int> clean = SweepPlan.Plan(resized, [Flow(1, P, slot: 1)], Window, Memory.Ticks).Clean;
        Assert.Equal([0, 4, 5, 6, 7], clean.AsEnumerable());
    }

    private static SweepResult Plan(Slot[] slots, TimeSpan waited, params FlowRecord[] flows) =>
        SweepPlan.Plan(Generation(slots, Tracking.Minimal), flows, Window, waited.Ticks);

    private static Generation Generation(
        Slot[] slots, Tracking tracking, TransportProtocol protocol = TransportProtocol.Tcp)
    {
        ServiceConfig config = Configs.Service(Configs.Backend(1), Configs.Backend(2)) with { FlowMemory = Memory };
        config = config with { Tracking = tracking, Vip = config.Vip with { Protocol = protocol } };
        ServiceState state = ServiceState.Start(config);
        state = state.Apply(state.Decide(new ServiceCommand.Adopt(
        [
            new DesiredBackend(A, Configs.Socket(1), true, false),
            new DesiredBackend(P, Configs.Socket(2), true, false),
        ])));
        DesiredService held = new(
            config.Vip,
            config.Mode,
            tracking,
            config.Seed,
            1,
            [.. state.Members.Values.Select(m => new DesiredBackend(m.Id, m.Socket, m.IsAlive, m.Leftover))],
            [.. slots]);
        return Lb.Actors.Generation.Adopt(state, held, now: 0);
    }

    private static FlowRecord Flow(ushort port, uint backend, uint slot = 0) => new(
        new Flow(IPAddress.Parse("198.51.100.1"), port, Configs.Vip.Address, 80, TransportProtocol.Tcp),
        backend,
        0,
        slot,
        TimeSpan.Zero,
        Pending: false);
}
