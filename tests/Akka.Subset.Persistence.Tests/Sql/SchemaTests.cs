using Akka.Actor;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>The tables: who creates them, and what happens when they are not as they should be.</summary>
public abstract class SchemaTests(TestDatabase database) : SqlTest(database)
{
    private const string TakesNoWrites = "cannot be written: allow|takes no writes: it";

    [Fact]
    public async Task Several_processes_create_the_tables_at_once()
    {
        var victims = Enumerable.Range(0, 6).Select(_ => NewVictim()).ToArray();
        await Task.WhenAll(victims.Select(victim => victim.ExpectAsync("ready")));

        await Task.WhenAll(victims.Select((victim, i) => victim.TellAsync($"open a{i}", $"persist a{i}")));

        for (var i = 0; i < victims.Length; i++)
        {
            Assert.Equal($"recovered a{i} 0 0", await victims[i].NextAsync());
            Assert.Equal($"ack a{i} 1", await victims[i].NextAsync());
        }

        var version = Assert.Single(await Database.QueryAsync("SELECT version FROM schema_version"));
        Assert.Equal(1, Convert.ToInt32(version[0]));
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await StoreAsync();
        await Database.ChangeAsync("UPDATE schema_version SET version = 2");

        var why = await OpenInVainAsync(NewSystem(), "a");

        Assert.Contains("schema version 2, this program knows version 1", why);
        Assert.Contains("run the program that wrote it, or a newer one", why);
    }

    [Fact]
    public async Task Tables_of_another_program_are_not_touched()
    {
        await Database.ExecuteAsync("CREATE TABLE journal (id INTEGER)");

        Assert.Contains("another program made it", await OpenInVainAsync(NewSystem(), "a"));

        Assert.Empty(await Database.QueryAsync("SELECT id FROM journal"));
    }

    [Fact]
    public async Task Tables_are_not_created_when_that_is_turned_off()
    {
        const string Off =
            """
            akka.persistence.journal.sql.auto-initialize = off
            akka.persistence.snapshot-store.sql.auto-initialize = off
            """;

        Assert.Contains("auto-initialize is off: turn it on, once", await OpenInVainAsync(NewSystem(more: Off), "a"));
        await StoreAsync();
        Assert.Equal(1, await AskAsync(Open(NewSystem(more: Off), "a"), "sum"));
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_recovers_actors_and_refuses_their_events()
    {
        await StoreAsync();
        var system = NewSystem(Database.ReadOnlyConnectionString);
        var account = Open(system, "a");
        Assert.Equal(1, await AskAsync(account, "sum"));
        var seen = Watch(system);
        await seen.Watch(account);

        account.Tell(2);

        Assert.Matches(TakesNoWrites, (await seen.Expect<Account.Seen>()).What.ToString());
        await seen.ExpectTerminated(account);
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_gets_no_tables()
    {
        await Database.ExecuteAsync("CREATE TABLE other (id INTEGER)");
        var system = NewSystem(Database.ReadOnlyConnectionString);

        Assert.Matches(TakesNoWrites, await OpenInVainAsync(system, "a"));
    }

    private async Task StoreAsync()
    {
        var system = NewSystem();
        Assert.Equal(1, await AskAsync(Open(system, "a"), 1));
        await EndAsync(system);
    }
}

public sealed class SqliteSchemaTests() : SchemaTests(new SqliteTestDatabase())
{
    [Theory]
    [InlineData("Data Source=/nowhere/lb.db", "database [/nowhere/lb.db] cannot be opened: its directory must exist")]
    [InlineData("Data Source=:memory:", "keeps no write-ahead log (its journal mode is memory)")]
    public async Task A_database_that_cannot_be_used_is_named_with_what_mends_it(string connectionString, string reason)
    {
        Assert.Contains(reason, await OpenInVainAsync(NewSystem(connectionString), "a"));
    }

    [Fact]
    public async Task A_database_that_comes_later_is_used_without_a_restart()
    {
        var directory = new FileInfo(((SqliteTestDatabase)Database).File).Directory!.FullName;
        var system = NewSystem($"Data Source={directory}/later/lb.db");
        await OpenInVainAsync(system, "a");

        Directory.CreateDirectory($"{directory}/later");

        Assert.Equal(1, await AskAsync(Open(system, "a"), 1));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_alone()
    {
        var file = ((SqliteTestDatabase)Database).File;
        var content = string.Concat(Enumerable.Repeat("no database ", 1000));
        await File.WriteAllTextAsync(file, content);

        Assert.Contains("is damaged or no SQLite database", await OpenInVainAsync(NewSystem(), "a"));

        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaTests(PostgresServer server) : SchemaTests(new PostgresTestDatabase(server))
{
    [Fact]
    public async Task A_database_that_is_not_there_is_named_with_what_mends_it()
    {
        var why = await OpenInVainAsync(NewSystem(server.ConnectionString("nowhere")), "a");

        Assert.Contains("The PostgreSQL database [nowhere] at [", why);
        Assert.Contains("does not exist: create it", why);
    }
}
