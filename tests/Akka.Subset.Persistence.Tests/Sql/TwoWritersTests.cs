using System.Text;
using Akka.Actor;
using Akka.Persistence;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Lb.PersistenceVictim;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>Of two writers of one persistence id exactly one wins; the other stops and overwrites nothing.</summary>
public abstract class TwoWritersTests(TestDatabase database) : SqlTest(database)
{
    private const string Lost = "this writer has lost, nothing was overwritten";

    [Fact]
    public async Task In_two_systems_of_one_process_exactly_one_wins_and_the_other_stops()
    {
        var (first, second) = (NewSystem(), NewSystem());
        var (winner, loser) = (Open(first, "a"), Open(second, "a"));
        Assert.Equal(0, await AskAsync(winner, "sum"));
        Assert.Equal(0, await AskAsync(loser, "sum"));
        var seen = Watch(second);
        await seen.Watch(loser);

        Assert.Equal(1, await AskAsync(winner, 1));
        loser.Tell(100);

        Assert.Contains(Lost, (await seen.Expect<Account.Seen>()).What.ToString());
        await seen.ExpectTerminated(loser);
        Assert.Equal(3, await AskAsync(winner, 2));
        Assert.Equal(3, await AskAsync(Open(second, "a"), "sum"));
    }

    [Fact]
    public async Task In_two_processes_that_write_at_the_same_time_exactly_one_wins_and_the_other_stops()
    {
        var (one, other) = (NewVictim(), NewVictim());
        for (var round = 0; round < 25; round++)
        {
            var id = $"a{round}";
            await Task.WhenAll(one.TellAsync($"open {id}"), other.TellAsync($"open {id}"));
            Assert.Equal($"recovered {id} 0 0", await one.ExpectAsync("recovered"));
            Assert.Equal($"recovered {id} 0 0", await other.ExpectAsync("recovered"));

            await Task.WhenAll(one.TellAsync($"persist {id}"), other.TellAsync($"persist {id}"));
            var answers = await Task.WhenAll(one.NextAsync(), other.NextAsync());

            var oneWon = answers[0] == $"ack {id} 1";
            var (winner, loser) = oneWon ? (one, other) : (other, one);
            Assert.Equal($"ack {id} 1", answers[oneWon ? 0 : 1]);
            Assert.StartsWith($"failed {id} 1 ", answers[oneWon ? 1 : 0]);
            Assert.Contains(Lost, answers[oneWon ? 1 : 0]);
            Assert.Equal($"stopped {id}", await loser.NextAsync());

            // The winner goes on; the loser sees what there is when it comes again.
            await winner.TellAsync($"persist {id}");
            Assert.Equal($"ack {id} 2", await winner.NextAsync());
            await loser.TellAsync($"open {id}");
            Assert.Equal($"recovered {id} 2 {TallyState.After(2).Digest}", await loser.NextAsync());
            Assert.All(
                await Database.QueryAsync($"SELECT message FROM journal WHERE persistence_id = '{id}'"),
                row => Assert.Contains($"\"Writer\":{winner.Id}}}", Encoding.UTF8.GetString((byte[])row[0])));
        }
    }

    [Fact]
    public async Task A_lost_write_fails_no_other_actor_of_its_batch()
    {
        var (first, second) = (NewSystem(), NewSystem());
        var loser = Open(second, "a");
        await AskAsync(loser, "sum");
        await AskAsync(Open(first, "a"), 1);
        var others = Enumerable.Range(0, 50).Select(i => Open(second, $"other{i}")).ToArray();
        foreach (var other in others)
        {
            await AskAsync(other, "sum");
        }

        var writes = others[..25].Select(other => AskAsync(other, 1)).ToArray();
        loser.Tell(100);
        writes = [.. writes, .. others[25..].Select(other => AskAsync(other, 1))];

        Assert.All(await Task.WhenAll(writes), sum => Assert.Equal(1, sum));
        Assert.Equal(new long[] { 1 }, await Database.NumbersAsync("a"));
    }

    [Fact]
    public async Task A_writer_loses_also_when_the_events_that_overtook_it_were_deleted()
    {
        var (first, second) = (NewSystem(), NewSystem());
        var (winner, loser) = (Open(first, "a"), Open(second, "a"));
        Assert.Equal(0, await AskAsync(loser, "sum"));
        Assert.Equal(6, await AskAsync(winner, new[] { 1, 2, 3 }));
        var deleted = Watch(first);
        winner.Tell(new Account.Delete(3));
        Assert.IsType<DeleteMessagesSuccess>((await deleted.Expect<Account.Seen>()).What);
        Assert.Equal(new long[] { 3 }, await Database.NumbersAsync("a"));

        // Its number, 1, is free.
        var seen = Watch(second);
        loser.Tell(100);

        Assert.Contains(Lost, (await seen.Expect<Account.Seen>()).What.ToString());
        Assert.Equal(new long[] { 3 }, await Database.NumbersAsync("a"));
    }

    [Fact]
    public async Task A_writer_that_an_older_copy_of_the_database_is_put_under_leaves_no_gap()
    {
        var system = NewSystem();
        var account = Open(system, "a");
        await AskAsync(account, new[] { 1, 2, 3 });
        await Database.ChangeAsync("DELETE FROM journal WHERE sequence_number > 1");

        var seen = Watch(system);
        account.Tell(4);

        Assert.Contains(
            "end at sequence number 1, but the next one to store has number 4",
            (await seen.Expect<Account.Seen>()).What.ToString());
        Assert.Equal(1, await AskAsync(Open(system, "a"), "sum"));
    }
}

public sealed class SqliteTwoWritersTests() : TwoWritersTests(new SqliteTestDatabase());

[Collection(PostgresCollection.Name)]
public sealed class PostgresTwoWritersTests(PostgresServer server) : TwoWritersTests(new PostgresTestDatabase(server));
