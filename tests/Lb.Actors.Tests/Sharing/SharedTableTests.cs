using Lb.Kernel;

namespace Lb.Actors.Tests.Sharing;

/// <summary>What follows for a service's slots from what other nodes say.</summary>
public sealed class SharedTableTests
{
    private const uint A = 1;
    private const uint P = 2;
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(15);
    private static readonly ulong s_previous = VoteHash.Of(Configs.Socket(2));

    [Fact]
    public void Node_without_others_is_limited_by_nothing()
    {
        SharedTable table = new();
        table.Hear(new PeerSlots(1, IsJoining: false, IsWhole: true, []));
        Assert.Null(table.Limits(Generation(new Slot(A, P)), s_memory, 0));
    }

    [Fact]
    public void Slot_that_another_has_moved_and_free_may_count_flows_as_new_and_not_be_clean()
    {
        Generation generation = Generation(new Slot(A, P), new Slot(A, P), new Slot(A, P), new Slot(A, P));
        SlotLimits limits = Limits(generation, Run(0, SlotStep.Moved, busy: true), Run(1, SlotStep.Moved), Run(2, SlotStep.Over));
        Assert.Equal([true, false, false, false], Enumerable.Range(0, 4).Select(limits.KeepsMoved));
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(limits.KeepsOver));
    }

    [Fact]
    public void Node_with_another_table_keeps_all_for_two_minutes()
    {
        Generation generation = Generation(new Slot(A, P));
        SharedTable table = new();
        table.Hear(Established(new SlotReport(0, 99, 1, [])));
        Assert.True(table.Limits(generation, s_memory, 0)!.KeepsMoved(0));
        Assert.True(table.Limits(generation, s_memory, ShareTimes.Differs.Ticks - 1)!.KeepsMoved(0));
        Assert.False(table.Limits(generation, s_memory, ShareTimes.Differs.Ticks)!.KeepsMoved(0));
    }

    [Fact]
    public void Lost_node_counts_with_its_last_word_for_the_flow_memory()
    {
        Generation generation = Generation(new Slot(A, P), new Slot(A, P));
        SharedTable table = new();
        table.Hear(new PeerSlots(
            1, IsJoining: false, IsWhole: true, [new PeerTable("other", IsLost: true, true, HeardAt: 10, Report(generation, Run(0, SlotStep.Moved, busy: true)))]));
        SlotLimits limits = table.Limits(generation, s_memory, 10)!;
        Assert.Equal((true, false), (limits.KeepsMoved(0), limits.KeepsMoved(1)));
        Assert.NotNull(table.Limits(generation, s_memory, s_memory.Ticks + 9));
        Assert.Null(table.Limits(generation, s_memory, s_memory.Ticks + 10));
    }

    [Fact]
    public void Who_joins_takes_slots_as_established_nodes_have_them()
    {
        Generation generation = Generation(new Slot(A), new Slot(A, P), new Slot(A, A), new Slot(A));
        SharedTable table = new();
        table.Hear(Joining(new PeerTable("other", false, IsEstablished: true, 0, Report(
            generation, Run(0, SlotStep.Moved, busy: true, since: -500), Run(2, SlotStep.Over)))));
        Assert.Equal(
            [new SlotChange(0, new Slot(A, P), -500), new SlotChange(1, new Slot(A), 0), new SlotChange(2, new Slot(A, P, windowOver: true), 0)],
            table.Adopt(generation, now: 5).AsEnumerable());
        Assert.True(table.IsJoined);
    }

    [Fact]
    public void Who_joins_takes_slots_of_dead_backends_too_so_that_their_flows_are_known()
    {
        Generation generation = Generation(new Slot(A));
        generation = generation with
        {
            Desired = generation.Desired with
            {
                Resets = true,
                Backends = [.. generation.Desired.Backends.Select(backend => backend with { Alive = backend.Id == A })],
            },
        };
        SharedTable table = new();
        table.Hear(Joining(new PeerTable("other", false, IsEstablished: true, 0, Report(
            generation, Run(0, SlotStep.Moved, busy: true, since: -500)))));
        Assert.Equal([new SlotChange(0, new Slot(A, P), -500)], table.Adopt(generation, now: 5).AsEnumerable());
    }

    [Fact]
    public void Who_joins_cleans_nothing_on_the_word_of_one_who_joins_too()
    {
        Generation generation = Generation(new Slot(A, P), new Slot(A));
        SharedTable table = new();
        table.Hear(Joining(new PeerTable("other", false, IsEstablished: false, 0, Report(generation, Run(1, SlotStep.Moved, busy: true)))));
        Assert.Equal([new SlotChange(1, new Slot(A, P, windowOver: true), 5)], table.Adopt(generation, now: 5).AsEnumerable());
    }

    [Fact]
    public void Who_joins_waits_for_its_table_to_be_that_of_the_others_and_not_for_ever()
    {
        Generation generation = Generation(new Slot(A, P));
        SharedTable table = new();
        table.Hear(Joining(new PeerTable("other", false, IsEstablished: true, 0, new SlotReport(0, 99, 1, []))));
        Assert.Empty(table.Adopt(generation, now: 0));
        Assert.True(table.WaitsForTable);
        Assert.Empty(table.Adopt(generation, ShareTimes.JoinPatience.Ticks));
        Assert.True(table.IsJoined);
    }

    [Fact]
    public void Clean_slot_looks_entries_up_while_another_node_has_older_flows_on_it()
    {
        Generation generation = Generation(new Slot(A), new Slot(A));
        SharedTable table = new();
        table.Hear(Established(Report(generation, Run(0, SlotStep.Moved, busy: true), Run(1, SlotStep.Moved))));
        Assert.Equal([new SlotChange(0, new Slot(A, P, windowOver: true), 7)], table.Adopt(generation, now: 7).AsEnumerable());
    }

    [Fact]
    public void Sweep_makes_slots_clean_in_two_steps()
    {
        Generation generation = Generation(new Slot(A, P), new Slot(A, P, windowOver: true), new Slot(A, P), new Slot(A, P, windowOver: true));
        SlotLimits limits = Limits(generation, Run(2, SlotStep.Moved, busy: true), Run(3, SlotStep.Moved));
        SweepResult result = SweepPlan.Plan(generation, [], TimeSpan.Zero, s_memory.Ticks, limits);
        Assert.Equal([0], result.WindowOver.AsEnumerable());
        Assert.Equal([1], result.Clean.AsEnumerable());
    }

    [Fact]
    public void Udp_counts_unknown_flows_as_new_when_its_window_is_over_and_is_clean_when_no_node_needs_it()
    {
        Generation generation = Udp(Generation(new Slot(A, P), new Slot(A, P, windowOver: true), new Slot(A, P, windowOver: true)));
        SlotLimits limits = new(3);
        limits.Add(Report(generation, Run(0, SlotStep.Moved, busy: true), Run(1, SlotStep.Over, busy: true)));
        TimeSpan window = TimeSpan.FromSeconds(30);
        Assert.Empty(SweepPlan.Plan(generation, [], window, window.Ticks - 1, limits).WindowOver);
        SweepResult result = SweepPlan.Plan(generation, [], window, window.Ticks, limits);
        Assert.Equal([0], result.WindowOver.AsEnumerable());
        Assert.Equal([2], result.Clean.AsEnumerable());
    }

    [Fact]
    public void Entry_that_came_before_the_table_that_it_is_for_stays_for_a_minute()
    {
        Generation generation = Generation(new Slot(A));
        FlowRecord early = new(
            new Flow(System.Net.IPAddress.Loopback, 1, Configs.Vip.Address, 80, TransportProtocol.Tcp), P, 0, 0, TimeSpan.FromSeconds(59), Pending: false);
        Assert.Empty(SweepPlan.Plan(generation, [early], TimeSpan.Zero, 0, new SlotLimits(1)).Stale);
        Assert.Single(SweepPlan.Plan(generation, [early with { Idle = TimeSpan.FromSeconds(60) }], TimeSpan.Zero, 0, new SlotLimits(1)).Stale);
        Assert.Single(SweepPlan.Plan(generation, [early], TimeSpan.Zero, 0).Stale);
    }

    private static Generation Udp(Generation generation) => generation with
    {
        Desired = generation.Desired with { Vip = generation.Desired.Vip with { Protocol = TransportProtocol.Udp } },
    };

    private static SlotLimits Limits(Generation generation, params SlotRun[] runs)
    {
        SharedTable table = new();
        table.Hear(Established(Report(generation, runs)));
        return table.Limits(generation, s_memory, 0)!;
    }

    private static PeerSlots Established(SlotReport report) =>
        new(1, IsJoining: false, IsWhole: true, [new PeerTable("other", IsLost: false, IsEstablished: true, 0, report)]);

    private static PeerSlots Joining(params PeerTable[] tables) => new(1, IsJoining: true, IsWhole: true, [.. tables]);

    private static SlotRun Run(int slot, SlotStep step, bool busy = false, long since = 0) =>
        new(slot, 1, new SlotState(s_previous, step, busy, since));

    private static SlotReport Report(Generation generation, params SlotRun[] runs) =>
        new(VoteHash.Of(Configs.Vip), SlotReport.DigestOf(generation), generation.Table.Slots.Length, [.. runs]);

    private static Generation Generation(params Slot[] slots)
    {
        ServiceConfig config = Configs.Service(Configs.Backend(1), Configs.Backend(2)) with { FlowMemory = s_memory };
        ServiceState state = ServiceState.Start(config);
        state = state.Apply(state.Decide(new ServiceCommand.Adopt(
        [
            new DesiredBackend(A, Configs.Socket(1), true, false),
            new DesiredBackend(P, Configs.Socket(2), true, false),
        ])));
        DesiredService held = new(
            config.Vip,
            config.Mode,
            Tracking.Minimal,
            config.Seed,
            1,
            [.. state.Members.Values.Select(m => new DesiredBackend(m.Id, m.Socket, m.IsAlive, m.Leftover))],
            [.. slots]);
        return Lb.Actors.Generation.Adopt(state, held, now: 0);
    }
}
