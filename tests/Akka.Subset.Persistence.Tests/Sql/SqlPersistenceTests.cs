using System.Data.Common;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Akka.Subset.Tests.Support;
using Lb.Persistence;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>The SQL journal and snapshot store, on each database.</summary>
public abstract class SqlPersistenceTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly List<ActorSystem> _systems = [];

    protected abstract string Provider { get; }

    protected abstract string ConnectionString { get; }

    protected abstract DbConnection NewConnection();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var system in _systems)
        {
            await EndAsync(system);
        }
    }

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
    public async Task Recovery_starts_from_the_newest_snapshot()
    {
        var first = NewSystem();
        var seen = Watch(first);
        var account = Open(first, "a");
        await AskAsync(account, 7);
        account.Tell("save");
        Assert.IsType<SaveSnapshotSuccess>((await seen.Expect<Account.Seen>()).What);
        account.Tell("delete");
        Assert.IsType<DeleteMessagesSuccess>((await seen.Expect<Account.Seen>()).What);
        await AskAsync(account, 2);
        await EndAsync(first);

        Assert.Equal(9, await AskAsync(Open(NewSystem(), "a"), "sum"));
        Assert.Equal([1L, 2L], await NumbersAsync("a"));
    }

    [Fact]
    public async Task Of_two_writers_of_one_persistence_id_exactly_one_wins_and_the_other_stops()
    {
        var (first, second) = (NewSystem(), NewSystem());
        var (winner, loser) = (Open(first, "a"), Open(second, "a"));
        Assert.Equal(0, await AskAsync(winner, "sum"));
        Assert.Equal(0, await AskAsync(loser, "sum"));
        var seen = Watch(second);
        await seen.Watch(loser);

        Assert.Equal(1, await AskAsync(winner, 1));
        loser.Tell(100);

        Assert.Contains("this writer has lost", (await seen.Expect<Account.Seen>()).What.ToString());
        await seen.ExpectTerminated(loser);
        Assert.Equal(3, await AskAsync(winner, 2));
        Assert.Equal(3, await AskAsync(Open(second, "a"), "sum"));
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
        Assert.Equal([1L], await NumbersAsync("a"));
    }

    [Theory]
    [InlineData("UPDATE journal SET manifest = 'paid:99' WHERE persistence_id = 'a'", "manifest [paid:99]] is unknown")]
    [InlineData("UPDATE journal SET identifier = 1 WHERE persistence_id = 'a'", "identifier 1")]
    [InlineData("UPDATE journal SET message = DAMAGE WHERE persistence_id = 'a'", "no valid [paid:2]")]
    public async Task A_row_that_cannot_be_read_stops_the_recovery_of_that_actor_alone(string damage, string reason)
    {
        var first = NewSystem();
        await AskAsync(Open(first, "a"), 1);
        await AskAsync(Open(first, "b"), 2);
        await EndAsync(first);
        await ExecuteAsync(damage.Replace("DAMAGE", Bytes("{\"Amount\"")));

        var second = NewSystem();
        var seen = Watch(second);
        var damaged = Open(second, "a");
        var message = Assert.IsType<string>((await seen.Expect<Account.Seen>()).What);

        Assert.Contains("persistence id [a], sequence number 1", message);
        Assert.Contains(reason.Replace("]]", "]"), message);
        await seen.Watch(damaged);
        await seen.ExpectTerminated(damaged);
        Assert.Equal(2, await AskAsync(Open(second, "b"), "sum"));
    }

    [Fact]
    public async Task An_event_without_a_contract_is_rejected_and_the_actor_goes_on()
    {
        var system = NewSystem();
        var seen = Watch(system);
        var account = Open(system, "a");

        account.Tell(new Unknown());

        Assert.Contains("No serializer is bound", (await seen.Expect<Account.Seen>()).What.ToString());
        Assert.Equal(5, await AskAsync(account, 5));
    }

    [Fact]
    public async Task An_earlier_version_of_an_event_is_read_as_the_present_one()
    {
        var first = NewSystem();
        await AskAsync(Open(first, "a"), 1);
        await EndAsync(first);
        await ExecuteAsync($"UPDATE journal SET manifest = 'paid:1', message = {Bytes("""{"Text":"42"}""")}");

        Assert.Equal(42, await AskAsync(Open(NewSystem(), "a"), "sum"));
    }

    [Fact]
    public async Task The_data_holds_manifests_and_no_type_names()
    {
        await AskAsync(Open(NewSystem(), "a"), 1);

        await using var connection = await OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT manifest, identifier, message FROM journal";
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal("paid:2", reader.GetString(0));
        Assert.Equal(JsonContractSerializer.Id, reader.GetInt32(1));
        Assert.Equal("""{"Amount":1}"""u8.ToArray(), (byte[])reader.GetValue(2));
    }

    [Fact]
    public async Task A_schema_of_another_version_is_refused()
    {
        var first = NewSystem();
        await AskAsync(Open(first, "a"), 1);
        await EndAsync(first);
        await ExecuteAsync("UPDATE schema_version SET version = 2");

        var second = NewSystem();
        var seen = Watch(second);
        Open(second, "a");

        Assert.Contains("schema version 2", (await seen.Expect<Account.Seen>()).What.ToString());
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

    protected abstract string Bytes(string text);

    private static IActorRef Open(ActorSystem system, string id) =>
        system.ActorOf(Props.Create(() => new Account(id)));

    private static Task<int> AskAsync(IActorRef account, object command) => account.Ask<int>(command, Deadline);

    private static Probe Watch(ActorSystem system)
    {
        var probe = new Probe(system);
        system.EventStream.Subscribe(probe.Ref, typeof(Account.Seen));
        return probe;
    }

    private ActorSystem NewSystem()
    {
        var contracts = new JsonContracts()
            .Add("paid", 2, RecordsJson.Default.Paid)
            .AddEarlier("paid", 1, RecordsJson.Default.PaidV1, old => new Paid(int.Parse(old.Text)))
            .Add("total", 1, RecordsJson.Default.Total);
        var store = $"connection-string = \"{ConnectionString}\", provider-name = {Provider}";
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka { loggers = [], log-dead-letters = off }
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql { class = "{{typeof(SqlWriteJournal).AssemblyQualifiedName}}", {{store}} }
            }
            akka.persistence.snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql { class = "{{typeof(SqlSnapshotStore).AssemblyQualifiedName}}", {{store}} }
            }
            """);
        var system = ActorSystem.Create(
            "sql",
            ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(config), JsonContractSerializer.Setup(contracts)));
        _systems.Add(system);
        return system;
    }

    private static async Task EndAsync(ActorSystem system)
    {
        ((ExtendedActorSystem)system).Abort();
        await system.WhenTerminated.WaitAsync(Deadline);
    }

    private async Task<DbConnection> OpenConnectionAsync()
    {
        var connection = NewConnection();
        await connection.OpenAsync();
        return connection;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = await OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }

    private async Task<List<long>> NumbersAsync(string id)
    {
        await using var connection = await OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT sequence_number FROM journal WHERE persistence_id = '{id}' ORDER BY 1";
        await using var reader = await command.ExecuteReaderAsync();
        var numbers = new List<long>();
        while (await reader.ReadAsync())
        {
            numbers.Add(reader.GetInt64(0));
        }

        return numbers;
    }
}
