using Akka.Actor;
using Akka.Persistence;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>Snapshots and the deletion of what they hold.</summary>
public abstract class SnapshotTests(TestDatabase database) : SqlTest(database)
{
    private static Akka.Persistence.Recovery EventsOnly => new(SnapshotSelectionCriteria.None);

    [Fact]
    public async Task Recovery_from_each_snapshot_and_later_events_equals_recovery_from_all_events()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");
        var random = new Random(1);
        for (var i = 0; i < 10; i++)
        {
            await AskAsync(account, Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(100)).ToArray());
            await SaveAsync(account, seen);
            await AskAsync(account, random.Next(100));
        }

        var live = await AskAsync<Total>(account, "total");
        await EndAsync(system);

        var next = NewSystem();
        Assert.Equal(live, await AskAsync<Total>(Open(next, "a", EventsOnly), "total"));
        var snapshots = await Database.QueryAsync("SELECT sequence_number FROM snapshot ORDER BY 1");
        Assert.Equal(10, snapshots.Count);
        foreach (var number in snapshots.Select(row => (long)row[0]))
        {
            var from = new Akka.Persistence.Recovery(new SnapshotSelectionCriteria(number));
            Assert.Equal(live, await AskAsync<Total>(Open(next, "a", from), "total"));
        }
    }

    [Fact]
    public async Task Recovery_starts_from_the_newest_snapshot()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");
        await AskAsync(account, 1);
        await SaveAsync(account, seen);
        await AskAsync(account, 2);
        await SaveAsync(account, seen);
        await EndAsync(system);
        var forged = Database.Bytes("""{"Sum":1000,"Digest":0}""");
        await Database.ChangeAsync($"UPDATE snapshot SET snapshot = {forged} WHERE sequence_number = 2");

        Assert.Equal(1003, await AskAsync(Open(NewSystem(), "a"), 3));
    }

    [Fact]
    public async Task Events_are_deleted_up_to_a_snapshot_and_numbering_goes_on()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");
        await AskAsync(account, new[] { 1, 2, 3, 4 });
        await SaveAsync(account, seen);
        await AskAsync(account, new[] { 5, 6 });
        await DeleteAsync(account, seen, to: 4);
        var live = await AskAsync<Total>(account, "total");
        await EndAsync(system);

        // The last row deleted stays, to tell that those before it are not lost.
        Assert.Equal(new long[] { 4, 5, 6 }, await Database.NumbersAsync("a"));
        var next = Open(NewSystem(), "a");
        Assert.Equal(live, await AskAsync<Total>(next, "total"));
        Assert.Equal(28, await AskAsync(next, 7));
        Assert.Equal(new long[] { 4, 5, 6, 7 }, await Database.NumbersAsync("a"));
    }

    [Fact]
    public async Task Numbering_goes_on_when_all_events_were_deleted()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");
        await AskAsync(account, new[] { 1, 2, 3 });
        await DeleteAsync(account, seen, to: long.MaxValue);
        await EndAsync(system);

        var next = Open(NewSystem(), "a");
        Assert.Equal(7, await AskAsync(next, 7));
        Assert.Equal(4, await AskAsync<long>(next, "number"));
        Assert.Equal(new long[] { 3, 4 }, await Database.NumbersAsync("a"));
    }

    [Fact]
    public async Task A_snapshot_is_not_used_when_events_behind_it_were_deleted()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");
        await AskAsync(account, new[] { 1, 2 });
        await SaveAsync(account, seen);
        await AskAsync(account, new[] { 3, 4 });
        await SaveAsync(account, seen);
        await DeleteAsync(account, seen, to: 4);
        await EndAsync(system);
        await Database.ChangeAsync("DELETE FROM snapshot WHERE sequence_number = 4");

        Assert.Contains(
            "persistence id [a], sequence number 3; the next row has number 4",
            await OpenInVainAsync(NewSystem(), "a"));
    }

    [Fact]
    public async Task Recovery_ends_at_the_number_that_the_actor_names()
    {
        var system = NewSystem();
        await AskAsync(Open(system, "a"), new[] { 1, 2, 3, 4 });

        var past = new Akka.Persistence.Recovery(SnapshotSelectionCriteria.Latest, toSequenceNr: 2);

        Assert.Equal(3, await AskAsync(Open(system, "a", past), "sum"));
    }

    private static async Task SaveAsync(IActorRef account, Probe seen)
    {
        account.Tell("save");
        Assert.IsType<SaveSnapshotSuccess>((await seen.Expect<Account.Seen>()).What);
    }

    private static async Task DeleteAsync(IActorRef account, Probe seen, long to)
    {
        account.Tell(new Account.Delete(to));
        Assert.IsType<DeleteMessagesSuccess>((await seen.Expect<Account.Seen>()).What);
    }
}

public sealed class SqliteSnapshotTests() : SnapshotTests(new SqliteTestDatabase());

[Collection(PostgresCollection.Name)]
public sealed class PostgresSnapshotTests(PostgresServer server) : SnapshotTests(new PostgresTestDatabase(server));
