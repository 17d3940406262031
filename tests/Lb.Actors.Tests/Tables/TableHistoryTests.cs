using System.Collections.Immutable;

namespace Lb.Actors.Tests;

/// <summary>What is remembered of why a table is as it is.</summary>
public class TableHistoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_slot_knows_the_generation_and_the_cause_that_gave_it_its_backend()
    {
        Generation one = Generation.Next(null, State(1, 2), now: 1);
        TableHistory history = TableHistory.Empty.After(null, one, Now, [new TableCause.Configured(7)]);
        Generation two = Generation.Next(one, State(1, 2, 3), now: 2);
        TableCause up = new TableCause.Judged("b3", Configs.Socket(3), HealthVerdict.Up, Remembered: false);
        history = history.After(one, two, Now.AddSeconds(1), [up]);

        for (int slot = 0; slot < two.Table.Slots.Length; slot++)
        {
            bool changed = one.Table.Slots[slot].Current != two.Table.Slots[slot].Current;
            Assert.Equal(changed ? up : new TableCause.Configured(7), Assert.Single(history.Of(slot)!.Causes));
            Assert.Equal(changed ? 2L : 1L, history.Of(slot)!.Revision);
        }

        Assert.Equal(history.ChangedAt.Count(at => at == 2), history.Notes[^1].Changed);
        Assert.InRange(history.Notes[^1].Changed, 60, 110);
    }

    [Fact]
    public void What_was_found_in_the_kernel_has_no_cause()
    {
        Generation built = Generation.Next(null, State(1, 2), now: 1);
        Generation found = Generation.Adopt(State(1, 2), built.Desired, now: 5);
        TableHistory history = TableHistory.Adopt(found, Now);
        Assert.IsType<TableCause.Adopted>(Assert.Single(Assert.Single(history.Notes).Causes));
        Assert.All(Enumerable.Range(0, 251), slot => Assert.Null(history.Of(slot)));

        Generation next = Generation.Next(found, State(1, 2, 3), now: 6);
        history = history.After(found, next, Now, [new TableCause.Configured(2)]);
        Assert.Equal(history.Notes[^1].Changed, Enumerable.Range(0, 251).Count(slot => history.Of(slot) is not null));
        Assert.Contains(0u, history.ChangedAt);
    }

    [Fact]
    public void Sweeps_change_no_slot_and_do_not_push_causes_out()
    {
        Generation one = Generation.Next(null, State(1, 2), now: 1);
        TableHistory history = TableHistory.Empty.After(null, one, Now, [new TableCause.Configured(1)]);
        for (int sweep = 0; sweep < 3 * TableHistory.Kept; sweep++)
        {
            Generation swept = one.Settle([], []);
            history = history.After(one, swept, Now, [new TableCause.Swept(1, 0)]);
            one = swept;
        }

        Assert.Equal(2, history.Notes.Length);
        Assert.Equal(new TableCause.Configured(1), Assert.Single(history.Of(17)!.Causes));
    }

    [Fact]
    public void Memory_is_bounded_and_what_was_pushed_out_is_not_invented()
    {
        Generation last = Generation.Next(null, State(1, 2), now: 1);
        TableHistory history = TableHistory.Empty.After(null, last, Now, [new TableCause.Configured(1)]);
        ImmutableArray<TableCause> many =
            [.. Enumerable.Range(0, 100).Select(i => new TableCause.Judged($"b{i}", Configs.Socket(1), HealthVerdict.Up, false))];
        for (int i = 0; i < 2 * TableHistory.Kept; i++)
        {
            Generation next = Generation.Next(last, i % 2 == 0 ? State(1, 2, 3) : State(1, 2), now: i);
            history = history.After(last, next, Now, many);
            last = next;
        }

        Assert.Equal(TableHistory.Kept, history.Notes.Length);
        Assert.All(history.Notes, note => Assert.Equal(TableHistory.KeptCauses, note.Causes.Length));
        int kept = history.ChangedAt.IndexOf(1u);
        Assert.True(kept >= 0, "every slot moved");
        Assert.Null(history.Of(kept));
    }

    [Fact]
    public void A_table_of_another_size_has_new_slots_only()
    {
        Generation one = Generation.Next(null, State(1, 2), now: 1);
        TableHistory history = TableHistory.Empty.After(null, one, Now, [new TableCause.Configured(1)]);
        ServiceState state = State(1, 2);
        Generation two = Generation.Next(one, state with { Config = state.Config with { Slots = 509 } }, now: 2);
        history = history.After(one, two, Now, [new TableCause.Configured(2)]);
        Assert.Equal(509, history.ChangedAt.Length);
        Assert.All(history.ChangedAt, at => Assert.Equal(2u, at));
    }

    private static ServiceState State(params int[] backends)
    {
        ServiceConfig config = Configs.Service([.. backends.Select(number => Configs.Backend(number))]).Unchecked();
        var state = ServiceState.Start(config);
        return state.Apply(state.Decide(new ServiceCommand.Configure(config)));
    }
}
