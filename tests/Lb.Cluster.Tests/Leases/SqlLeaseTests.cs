using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Lb.Cluster.Leases;
using Lb.Cluster.Tests.Support;

namespace Lb.Cluster.Tests.Leases;

/// <summary>Leases as the configuration makes them, in real databases.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class SqlLeaseTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private const string Short = "heartbeat-timeout = 3s, heartbeat-interval = 100ms";

    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var system in _systems)
        {
            await system.Terminate();
        }
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task A_lease_is_held_by_one_and_handed_over_at_once_when_released(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var one = NewLease(database, "one");
        var other = NewLease(database, "other");

        Assert.True(await one.Acquire());
        Assert.True(await one.Acquire());
        Assert.False(await other.Acquire());
        Assert.True(one.CheckLease());
        Assert.False(other.CheckLease());
        var term = one.Term;
        Assert.Equal("one", (await other.ReadAsync())!.Owner);

        Assert.True(await one.Release());
        Assert.False(one.CheckLease());
        Assert.Equal(0, one.Term);
        Assert.True(await other.Acquire());
        Assert.True(other.Term > term);
        Assert.Equal((other.Term, true), ((await one.ReadAsync())!.Term, (await one.ReadAsync())!.IsHeld));
        await other.Release();
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task A_lease_that_is_renewed_outlives_its_timeout_and_a_dead_owner_is_followed(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var one = NewLease(database, "one", Short);
        var other = NewLease(database, "other", Short);
        await UntilAsync(one.Acquire, "it was taken");
        var first = await RenewedAsync(database);
        await UntilAsync(async () => await RenewedAsync(database) > first + 3500, "it was renewed for longer than 3 s");
        Assert.True(one.CheckLease(), "it was lost");

        // What a process that is killed leaves: a row that nobody renews.
        var dead = new LeaseHolder("lease", "dead", "dead");
        await one.Release();
        var table = new SqlLeaseTable(database.Open(), TimeProvider.System);
        var term = await table.TryAcquireAsync(dead, 0, TimeSpan.FromSeconds(1), Soon);
        await UntilAsync(other.Acquire, "the dead owner's lease was taken");

        Assert.True(other.Term > term);
        Assert.False(await table.RenewAsync(dead, term!.Value, TimeSpan.FromSeconds(1), Soon));
        await other.Release();
    }

    [Fact]
    public async Task A_database_that_halts_loses_the_lease_before_another_could_have_it()
    {
        await using var database = await SharedDatabase.OfAsync("PostgreSQL");
        var lease = NewLease(database, "one", $"{Short}, lease-operation-timeout = 1s");
        var lost = new TaskCompletionSource<Exception>();
        await UntilAsync(() => lease.Acquire(cause => lost.TrySetResult(cause)), "it was taken");

        await database.HaltAsync();
        var cause = await lost.Task.WaitAsync(Soon);

        Assert.False(lease.CheckLease());
        Assert.Contains("could not be renewed within", Assert.IsType<LeaseException>(cause).Message);
        await Assert.ThrowsAsync<LeaseTimeoutException>(() => lease.Acquire());
        await database.ResumeAsync();
        await UntilAsync(lease.Acquire, "it was taken again");
        await lease.Release();
    }

    [Fact]
    public async Task A_database_that_is_gone_is_named_and_a_lease_that_it_forgot_is_lost()
    {
        await using var database = await SharedDatabase.OfAsync("PostgreSQL", server);
        var lease = NewLease(database, "one");
        var lost = new TaskCompletionSource<Exception>();
        Assert.True(await lease.Acquire(lost.SetResult));
        var term = lease.Term;

        await database.ExecuteAsync("DELETE FROM cluster_lease");
        Assert.Contains("tables were replaced", (await lost.Task.WaitAsync(Soon)).Message);
        Assert.True(await lease.Acquire());
        Assert.True(lease.Term > term);
        await lease.Release();

        var nowhere = NewLease("PostgreSQL", "Host=/nonexistent;Username=lb;Database=lb", "one", string.Empty);
        var failure = await Assert.ThrowsAsync<LeaseException>(() => nowhere.Acquire());
        Assert.Contains("Lease [lease] cannot be acquired", failure.Message);
    }

    [Fact]
    public async Task A_lease_that_another_took_says_by_whom()
    {
        await using var database = await SharedDatabase.OfAsync("SQLite", server);
        var lease = NewLease(database, "one");
        var lost = new TaskCompletionSource<Exception>();
        Assert.True(await lease.Acquire(lost.SetResult));

        await database.ExecuteAsync("UPDATE cluster_lease SET owner = 'thief', holder = 'thief', term = term + 7");

        Assert.Contains("was taken by [thief]", (await lost.Task.WaitAsync(Soon)).Message);
        Assert.False(await lease.Acquire());
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        await using var database = await SharedDatabase.OfAsync("SQLite", server);
        var lease = NewLease(database, "one");
        await lease.Acquire();
        await lease.Release();
        await database.ExecuteAsync("UPDATE cluster_schema_version SET version = 99");

        var failure = await Assert.ThrowsAsync<LeaseException>(() => NewLease(database, "other").Acquire());

        Assert.Contains("version 99", failure.Message);
    }

    [Theory]
    [InlineData("provider-name = Oracle", "expected SQLite or PostgreSQL")]
    [InlineData("connection-string = \"\"", "is missing")]
    [InlineData("safety-margin = 20s", "must leave time")]
    public void Impossible_settings_are_refused(string wrong, string words)
    {
        var failure = Assert.ThrowsAny<Exception>(() => NewLease("SQLite", "Data Source=x.db", "one", wrong));

        Assert.Contains(words, failure.ToString());
    }

    [Fact]
    public void A_fence_admits_no_term_lower_than_the_highest_it_met()
    {
        var fence = new Fence();

        Assert.True(fence.Admit(5));
        Assert.True(fence.Admit(5));
        Assert.True(fence.Admit(9));
        Assert.False(fence.Admit(8));
        Assert.Equal(9, fence.Highest);
        Assert.Equal(9, fence.Raise(1));
    }

    private static async Task<long> RenewedAsync(SharedDatabase database) =>
        (long)(await database.ScalarAsync("SELECT renewed_at FROM cluster_lease"))!;

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var end = new CancellationTokenSource(Soon);
        while (!await Held())
        {
            Assert.False(end.IsCancellationRequested, $"in vain: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        async Task<bool> Held()
        {
            try
            {
                return await condition();
            }
            catch (LeaseException)
            {
                return false;
            }
        }
    }

    private SqlLease NewLease(SharedDatabase database, string owner, string times = "") =>
        NewLease(database.Provider, database.ConnectionString, owner, times);

    private SqlLease NewLease(string provider, string connectionString, string owner, string more)
    {
        var config = ConfigurationFactory.ParseString(
            $$"""
              lb.lease { {{more}} }
              """).WithFallback(ConfigurationFactory.ParseString(
            $$"""
              akka { loggers = [], loglevel = OFF }
              lb.lease {
                lease-class = "Lb.Cluster.Leases.SqlLease, Lb.Cluster"
                heartbeat-timeout = 20s
                heartbeat-interval = 200ms
                lease-operation-timeout = 15s
                provider-name = {{provider}}
                connection-string = "{{connectionString}}"
              }
              """));
        var system = ActorSystem.Create("test", config);
        _systems.Add(system);
        return (SqlLease)LeaseProvider.Get(system).GetLease("lease", "lb.lease", owner);
    }
}
