using Akka.Actor;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>SQLite while another process holds the lock of writers.</summary>
public sealed class LockedSqliteTests() : SqlTest(new SqliteTestDatabase())
{
    [Fact]
    public async Task A_write_waits_for_another_process_and_recoveries_do_not()
    {
        var system = NewSystem();
        var account = Open(system, "a");
        await AskAsync(account, 1);
        await AskAsync(Open(system, "b"), 5);
        var holder = NewVictim();
        await holder.TellAsync("lock");
        await holder.ExpectAsync("locked");

        var write = AskAsync(account, 2);
        Assert.Equal(5, await AskAsync(Open(system, "b"), "sum"));
        Assert.False(write.IsCompleted, "a write went through a lock");
        await holder.TellAsync("unlock");

        Assert.Equal(3, await write);
    }

    [Fact]
    public async Task A_write_that_waited_for_too_long_fails_and_says_why()
    {
        var system = NewSystem($"{Database.ConnectionString};Default Timeout=1");
        var account = Open(system, "a");
        await AskAsync(account, 1);
        var seen = Watch(system);
        await seen.Watch(account);
        var holder = NewVictim();
        await holder.TellAsync("lock");
        await holder.ExpectAsync("locked");

        account.Tell(2);

        Assert.Contains(
            "was locked by another process for 1 s: end what holds it",
            (await seen.Expect<Account.Seen>()).What.ToString());
        await seen.ExpectTerminated(account);
        await holder.TellAsync("unlock");
        await holder.ExpectAsync("unlocked");
        Assert.Equal(4, await AskAsync(Open(system, "a"), 3));
    }
}
