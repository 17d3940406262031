using Akka.Actor;
using Akka.Persistence;
using Akka.Subset.Persistence.Tests.Support;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Persistence.Tests;

/// <summary>Semantics 16: recovery.</summary>
public sealed class RecoveryTests() : PersistenceTest(
    "akka.persistence { max-concurrent-recoveries = 2, journal.test.recovery-event-timeout = 10s }")
{
    [Fact]
    [Trait(Semantics.Trait, "16d")]
    public async Task Recovery_is_the_snapshot_then_later_events_then_RecoveryCompleted_then_commands()
    {
        var ledger = NewLedger();
        foreach (var command in new[] { "persist a", "persist b", "snapshot", "persist c" })
        {
            ledger.Tell(command);
        }

        Seen.WaitFor("C:SaveSnapshotSuccess");
        await Settle(ledger);
        await StopAndWait(ledger);
        Seen.Clear();
        await Tell(new TestJournal.HoldReplays());

        var next = NewLedger();
        next.Tell("1");
        next.Tell("persist d");
        await Tell(new TestJournal.ReleaseReplays());

        Seen.Expect(
            "offer:state2#2", "R:c#3", "replayed", "completed", "C:1", "C:persist d", "H:d#4");
    }

    [Fact]
    public async Task Deleted_events_are_not_replayed_and_numbering_goes_on()
    {
        var ledger = NewLedger();
        foreach (var command in new[] { "all a b c", "delete 3" })
        {
            ledger.Tell(command);
        }

        Seen.WaitFor("C:DeleteMessagesSuccess");
        var next = await Reopen(ledger);
        next.Tell("persist d");

        Seen.Expect("replayed", "completed", "C:persist d", "H:d#4");
    }

    [Fact]
    [Trait(Semantics.Trait, "16g")]
    public async Task A_recovery_failure_of_a_handler_calls_OnRecoveryFailure_and_stops_the_actor()
    {
        var ledger = NewLedger();
        ledger.Tell("all a poison b");
        ledger = await Reopen(ledger);
        ledger.Tell("never");

        Seen.Expect("R:a#1", "R:poison#2", "recovery failure:InvalidOperationException:poison", "stopped");
    }

    [Fact]
    [Trait(Semantics.Trait, "16g")]
    public async Task A_recovery_failure_of_the_journal_calls_OnRecoveryFailure_and_stops_the_actor()
    {
        await Tell(new TestJournal.FailReplays(new IOException("disk")));

        NewLedger().Tell("never");

        Seen.Expect("recovery failure:IOException:none", "stopped");
    }

    [Fact]
    public async Task A_recovery_that_gets_no_event_times_out()
    {
        await Tell(new TestJournal.HoldReplays());
        NewLedger();
        await WaitForReplays(1);

        Time.Advance(TimeSpan.FromSeconds(20));

        Seen.Expect($"recovery failure:{nameof(RecoveryTimedOutException)}:none", "stopped");
    }

    [Fact]
    public async Task No_more_actors_recover_at_a_time_than_configured()
    {
        await Tell(new TestJournal.HoldReplays());
        var first = NewLedger("ledger0");
        await WaitForReplays(1);
        var second = NewLedger("ledger1");
        await WaitForReplays(2);
        IActorRef[] waiting = [NewLedger("ledger2"), NewLedger("ledger3"), NewLedger("ledger4")];

        // An actor that ends while it waits, or while it recovers, frees its place.
        await StopAndWait(waiting[2]);
        await StopAndWait(first);
        await WaitForReplays(3);
        Assert.DoesNotContain("completed", Seen.Entries);

        await Tell(new TestJournal.ReleaseReplays());
        foreach (var ledger in (IActorRef[])[second, .. waiting[..2]])
        {
            await Settle(ledger);
        }

        Assert.Equal(3, Seen.Entries.Count(entry => entry == "completed"));
    }

    // The journal counts those of actors that have ended too.
    private async Task WaitForReplays(int count)
    {
        var deadline = DateTime.UtcNow + Deadline;
        while (await CountReplays() < count)
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain for {count} recoveries");
        }

        Assert.Equal(count, await CountReplays());
    }
}
