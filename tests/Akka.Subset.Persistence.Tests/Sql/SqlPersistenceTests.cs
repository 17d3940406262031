using Akka.Actor;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Lb.Persistence;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>What is stored, and that it comes back.</summary>
public abstract class SqlPersistenceTests(TestDatabase database) : SqlTest(database)
{
    [Fact]
    public async Task Events_outlive_their_system()
    {
        var first = NewSystem();
        Assert.Equal(7, await AskAsync(Open(first, "a"), 7));
        Assert.Equal(12, await AskAsync(Open(first, "b"), new[] { 3, 4, 5 }));
        await EndAsync(first);

        var second = NewSystem();
        Assert.Equal(8, await AskAsync(Open(second, "a"), 1));
        Assert.Equal(12, await AskAsync(Open(second, "b"), "sum"));
    }

    [Fact]
    public async Task The_data_holds_manifests_and_no_type_names()
    {
        await AskAsync(Open(NewSystem(), "a"), 1);

        var row = Assert.Single(await Database.QueryAsync("SELECT manifest, identifier, message FROM journal"));

        Assert.Equal("paid:2", row[0]);
        Assert.Equal(JsonContractSerializer.Id, Convert.ToInt32(row[1]));
        Assert.Equal("""{"Amount":1}"""u8.ToArray(), (byte[])row[2]);
    }

    [Fact]
    public async Task An_earlier_version_of_an_event_is_read_as_the_present_one()
    {
        var first = NewSystem();
        await AskAsync(Open(first, "a"), 1);
        await EndAsync(first);
        await Database.ChangeAsync(
            $"UPDATE journal SET manifest = 'paid:1', message = {Database.Bytes("""{"Text":"42"}""")}");

        Assert.Equal(42, await AskAsync(Open(NewSystem(), "a"), "sum"));
    }

    [Fact]
    public async Task An_event_without_a_contract_is_rejected_and_the_actor_goes_on_here_and_after_its_recovery()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");

        account.Tell(new Unknown());

        Assert.Contains("No serializer is bound", (await seen.Expect<Account.Seen>()).What.ToString());
        Assert.Equal(1, await AskAsync<long>(account, "number"));
        Assert.Equal(5, await AskAsync(account, 5));
        account.Tell(new Unknown());
        await seen.Expect<Account.Seen>();
        await EndAsync(system);

        // The numbers of rejected events are used up: they belong to no other event, now or later.
        var next = Open(NewSystem(), "a");
        Assert.Equal(5, await AskAsync(next, "sum"));
        Assert.Equal(3, await AskAsync<long>(next, "number"));
        Assert.Equal(7, await AskAsync(next, 2));
        Assert.Equal(new long[] { 1, 2, 3, 4 }, await Database.NumbersAsync("a"));
    }

    [Fact]
    public async Task Many_actors_persist_and_recover_at_once()
    {
        const int Actors = 300;
        var first = NewSystem();
        var accounts = Enumerable.Range(0, Actors).Select(i => Open(first, $"many{i}")).ToArray();
        for (var round = 1; round <= 5; round++)
        {
            var sums = await Task.WhenAll(accounts.Select(account => AskAsync(account, 1)));
            Assert.All(sums, sum => Assert.Equal(round, sum));
        }

        await EndAsync(first);
        var second = NewSystem();
        var recovered = await Task.WhenAll(
            Enumerable.Range(0, Actors).Select(i => AskAsync(Open(second, $"many{i}"), "sum")));
        Assert.All(recovered, sum => Assert.Equal(5, sum));
    }
}

public sealed class SqlitePersistenceTests() : SqlPersistenceTests(new SqliteTestDatabase());

[Collection(PostgresCollection.Name)]
public sealed class PostgresPersistenceTests(PostgresServer server)
    : SqlPersistenceTests(new PostgresTestDatabase(server));
