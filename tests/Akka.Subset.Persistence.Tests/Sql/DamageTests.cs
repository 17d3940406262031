using Akka.Actor;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>A row that is damaged, unknown or gone stops the recovery of its actor alone and is named.</summary>
public abstract class DamageTests(TestDatabase database) : SqlTest(database)
{
    private const string Second = "persistence id [b], sequence number 2";

    [Theory]
    [InlineData("manifest = 'paid:99'", "The manifest [paid:99] is unknown")]
    [InlineData("manifest = ''", "The manifest [] is unknown")]
    [InlineData("identifier = 1", "No serializer has the identifier 1")]
    [InlineData("message = BYTES[{\"Amount\":1]", "no valid [paid:2]")]
    [InlineData("message = BYTES[\u0001\u0002\u0003]", "no valid [paid:2]")]
    [InlineData("message = BYTES[]", "no valid [paid:2]")]
    [InlineData("message = BYTES[null]", "The content of [paid:2] is null")]
    [InlineData("message = BYTES[{}]", "no valid [paid:2]")]
    [InlineData("message = BYTES[{\"Amount\":\"1\"}]", "no valid [paid:2]")]
    [InlineData("message = BYTES[{\"Amount\":1,\"Currency\":2}]", "no valid [paid:2]")]
    [InlineData("message = BYTES[{\"Amount\":1,\"Amount\":2}]", "no valid [paid:2]")]
    public async Task A_row_that_cannot_be_read_stops_the_recovery_of_its_actor_alone(string damage, string reason)
    {
        await StoreAsync();
        await DamageAsync($"UPDATE journal SET {damage} WHERE persistence_id = 'b' AND sequence_number = 2");

        var why = await RecoverAsync();

        Assert.Contains($"of table journal ({Second}, manifest [", why);
        Assert.Contains("cannot be read", why);
        Assert.Contains(reason, why);
    }

    [Theory]
    [InlineData(1, "persistence id [b], sequence number 1; the next row has number 2")]
    [InlineData(2, "persistence id [b], sequence number 2; the next row has number 3")]
    public async Task A_row_that_is_gone_stops_the_recovery_of_its_actor_alone(int number, string reason)
    {
        await StoreAsync();
        await DamageAsync($"DELETE FROM journal WHERE persistence_id = 'b' AND sequence_number = {number}");

        Assert.Contains($"A row is missing from table journal: {reason}", await RecoverAsync());
    }

    [Fact]
    public async Task Events_that_end_before_the_snapshot_stop_the_recovery_of_their_actor_alone()
    {
        await StoreAsync(snapshot: true);
        await DamageAsync("DELETE FROM journal WHERE persistence_id = 'b' AND sequence_number > 1");

        Assert.Contains(
            "the events of [b] end at sequence number 1, but there is a snapshot at 3", await RecoverAsync());
    }

    [Theory]
    [InlineData("manifest = 'total:9'", "The manifest [total:9] is unknown")]
    [InlineData("serializer_id = 1", "No serializer has the identifier 1")]
    [InlineData("snapshot = BYTES[{\"Sum\":6,\"Dig]", "no valid [total:1]")]
    [InlineData("snapshot = BYTES[{\"Sum\":6}]", "no valid [total:1]")]
    public async Task A_damaged_snapshot_stops_the_recovery_of_its_actor_alone(string damage, string reason)
    {
        await StoreAsync(snapshot: true);
        await DamageAsync($"UPDATE snapshot SET {damage} WHERE persistence_id = 'b'");

        var why = await RecoverAsync();

        Assert.Contains("row of table snapshot with persistence id [b] and sequence number 3", why);
        Assert.Contains(reason, why);
    }

    [Fact]
    public async Task An_actor_recovers_as_soon_as_its_row_was_mended()
    {
        await StoreAsync();
        await DamageAsync($"UPDATE journal SET manifest = 'piad:2' WHERE persistence_id = 'b'");
        var system = NewSystem();
        await OpenInVainAsync(system, "b");

        await DamageAsync($"UPDATE journal SET manifest = 'paid:2' WHERE persistence_id = 'b'");

        Assert.Equal(6, await AskAsync(Open(system, "b"), "sum"));
    }

    // Three events each of a, b and c.
    private async Task StoreAsync(bool snapshot = false)
    {
        var system = NewSystem();
        var seen = Watch(system);
        foreach (var id in new[] { "a", "b", "c" })
        {
            var account = Open(system, id);
            Assert.Equal(6, await AskAsync(account, new[] { 1, 2, 3 }));
            if (snapshot)
            {
                account.Tell("save");
                await seen.Expect<Account.Seen>();
            }
        }

        await EndAsync(system);
    }

    private Task DamageAsync(string statement)
    {
        var start = statement.IndexOf("BYTES[", StringComparison.Ordinal);
        if (start >= 0)
        {
            var end = statement.LastIndexOf(']');
            statement = statement[..start] + Database.Bytes(statement[(start + 6)..end]) + statement[(end + 1)..];
        }

        return Database.ChangeAsync(statement);
    }

    // Returns why b does not recover; its neighbours do.
    private async Task<string> RecoverAsync()
    {
        var system = NewSystem();
        var (a, c) = (Open(system, "a"), Open(system, "c"));
        var why = await OpenInVainAsync(system, "b");
        Assert.Equal(6, await AskAsync(a, "sum"));
        Assert.Equal(10, await AskAsync(c, 4));
        return why;
    }
}

public sealed class SqliteDamageTests() : DamageTests(new SqliteTestDatabase())
{
    [Fact]
    public async Task A_value_of_another_type_stops_the_recovery_of_its_actor_alone()
    {
        await AskAsync(Open(NewSystem(), "a"), 1);
        await AskAsync(Open(NewSystem(), "b"), 2);
        await Database.ChangeAsync("UPDATE journal SET message = 'text' WHERE persistence_id = 'a'");
        var system = NewSystem();

        Assert.Contains("persistence id [a], sequence number 1", await OpenInVainAsync(system, "a"));
        Assert.Equal(2, await AskAsync(Open(system, "b"), "sum"));
    }
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresDamageTests(PostgresServer server) : DamageTests(new PostgresTestDatabase(server));
