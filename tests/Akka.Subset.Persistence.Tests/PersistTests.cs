using Akka.Actor;
using Akka.Subset.Persistence.Tests.Support;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Persistence.Tests;

/// <summary>Semantics 16: writing.</summary>
public sealed class PersistTests : PersistenceTest
{
    [Fact]
    [Trait(Semantics.Trait, "16a")]
    public void Commands_are_stashed_until_the_Persist_handler_ran()
    {
        var ledger = NewLedger();

        ledger.Tell("persist a");
        ledger.Tell("persist b");

        Seen.Expect("replayed", "completed", "C:persist a", "H:a#1", "C:persist b", "H:b#2");
    }

    [Fact]
    [Trait(Semantics.Trait, "16a")]
    public async Task Commands_that_wait_for_a_slow_write_keep_their_order()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.HoldWrites());

        foreach (var command in new[] { "persist a", "1", "persist b", "2", "3" })
        {
            ledger.Tell(command);
        }

        Seen.WaitFor("C:persist a");
        await Tell(new TestJournal.ReleaseWrites());

        Seen.Expect("C:persist a", "H:a#1", "C:1", "C:persist b", "H:b#2", "C:2", "C:3");
    }

    [Fact]
    [Trait(Semantics.Trait, "16b")]
    public void PersistAll_is_in_order_and_before_the_next_command()
    {
        var ledger = NewLedger();

        ledger.Tell("all a b c");
        ledger.Tell("next");

        Seen.Expect("replayed", "completed", "C:all a b c", "H:a#1", "H:b#2", "H:c#3", "C:next");
    }

    [Fact]
    [Trait(Semantics.Trait, "16b")]
    public async Task PersistAll_is_atomic_so_that_a_failure_stores_none_of_its_events()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        await Tell(new TestJournal.RejectWrites(new InvalidOperationException("no")));

        ledger.Tell("all a b");
        Seen.WaitFor("rejected:no:b#2");
        await Tell(new TestJournal.RejectWrites(null));
        await Reopen(ledger);

        Seen.Expect("replayed", "completed");
    }

    [Fact]
    [Trait(Semantics.Trait, "16c")]
    public async Task PersistAsync_does_not_stash()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.HoldWrites());

        ledger.Tell("async a");
        ledger.Tell("allasync b c");
        await Settle(ledger);
        await Tell(new TestJournal.ReleaseWrites());

        Seen.Expect("C:async a", "C:allasync b c", "H:a#1", "H:b#2", "H:c#3");
    }

    [Fact]
    public async Task DeferAsync_runs_behind_the_events_persisted_before_it()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.HoldWrites());

        foreach (var command in new[] { "async a", "defer d", "async b" })
        {
            ledger.Tell(command);
        }

        await Settle(ledger);
        await Tell(new TestJournal.ReleaseWrites());

        Seen.Expect("C:async a", "C:defer d", "C:async b", "H:a#1", "D:d", "H:b#2");
    }

    [Fact]
    public void DeferAsync_runs_at_once_when_nothing_is_being_written()
    {
        NewLedger().Tell("defer d");

        Seen.Expect("replayed", "completed", "C:defer d", "D:d");
    }

    [Fact]
    public void A_handler_may_persist_before_the_next_command()
    {
        var ledger = NewLedger();

        ledger.Tell("nest a b");
        ledger.Tell("next");

        Seen.Expect("replayed", "completed", "C:nest a b", "H:a#1", "H:b#2", "C:next");
    }

    [Fact]
    public void An_asynchronous_command_persists_after_its_await()
    {
        var ledger = NewLedger();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        ledger.Tell(gate);
        ledger.Tell("next");
        Seen.WaitFor("C:await");
        gate.SetResult();

        Seen.Expect("replayed", "completed", "C:await", "H:awaited#1", "C:next");
    }

    [Fact]
    public async Task The_handler_sees_the_sender_of_the_command()
    {
        Assert.Equal("a", await Soon(NewLedger().Ask<string>("reply a")));
    }

    [Fact]
    public async Task What_the_actor_stashed_itself_comes_before_commands_that_waited_for_a_write()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.HoldWrites());

        foreach (var command in new[] { "stash", "unstash a", "next" })
        {
            ledger.Tell(command);
        }

        Seen.WaitFor("C:unstash a");
        await Tell(new TestJournal.ReleaseWrites());

        Seen.Expect("C:unstash a", "H:a#1", "C:stash", "C:next");
    }

    [Fact]
    [Trait(Semantics.Trait, "16e")]
    public async Task A_persist_failure_calls_OnPersistFailure_and_stops_the_actor()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.FailWrites(new InvalidOperationException("disk")));

        ledger.Tell("persist a");
        ledger.Tell("never");

        Seen.Expect("C:persist a", "failure:disk:a#1", "stopped");
    }

    [Fact]
    [Trait(Semantics.Trait, "16f")]
    public async Task A_rejection_calls_OnPersistRejected_and_the_actor_goes_on()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.RejectWrites(new InvalidOperationException("odd")));

        ledger.Tell("persist a");
        ledger.Tell("next");

        Seen.Expect("C:persist a", "rejected:odd:a#1", "C:next");
    }

    [Fact]
    public async Task An_actor_that_fails_while_it_writes_recovers_what_it_wrote()
    {
        var ledger = NewLedger();
        await Settle(ledger);
        Seen.Clear();
        await Tell(new TestJournal.HoldWrites());

        ledger.Tell("throw a");
        ledger.Tell("persist b");
        Seen.WaitFor("stopped");
        await Tell(new TestJournal.ReleaseWrites());

        Seen.Expect("C:throw a", "stopped", "R:a#1", "replayed", "completed", "C:persist b", "H:b#2");
    }
}
