using Akka.Actor;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Akka.Subset.Persistence.Tests.Sql.Victims;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>A PostgreSQL server that is killed under load and started again. Programs that use it go on.</summary>
public sealed class PostgresOutageTests(PostgresServer server, ITestOutputHelper output)
    : SqlTest(new PostgresTestDatabase(server)), IClassFixture<PostgresServer>
{
    private const int Kills = 8;

    private static readonly string[] Ids = [.. Enumerable.Range(0, 8).Select(i => $"tally{i}")];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();

        // The server that is gone takes the connections of the next test with it.
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task No_acknowledged_event_is_lost_when_the_server_is_killed_under_load()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var ledger = new TallyLedger(Ids);
        var outage = await PostgresOutage.OfAsync(Database);
        var victim = NewVictim();
        for (var kill = 0; kill < Kills; kill++)
        {
            // The same process again: its actors come back without its restart.
            await victim.TellAsync(Ids.SelectMany(id => new[] { $"open {id}", $"flood {id}" }));
            for (var reports = random.Next(100, 300); reports > 0; reports--)
            {
                ledger.Enter(await victim.NextAsync());
            }

            await outage.KillServerAsync();
            await ReadToTheEndAsync(victim, ledger);

            await victim.TellAsync($"open {Ids[0]}");
            var refused = await victim.ExpectAsync($"refused {Ids[0]} ");
            Assert.Contains("cannot be reached or broke the connection", refused);
            await victim.ExpectAsync("stopped");

            await outage.StartServerAsync();
        }

        await victim.TellAsync(Ids.Select(id => $"open {id}"));
        for (var recovered = 0; recovered < Ids.Length; recovered++)
        {
            ledger.Enter(await victim.NextAsync());
        }

        output.WriteLine($"{ledger}");
    }

    [Fact]
    public async Task A_connection_that_a_restart_has_cut_fails_no_later_write()
    {
        var outage = await PostgresOutage.OfAsync(Database);
        var system = NewSystem();
        var account = Open(system, "a");
        Assert.Equal(1, await AskAsync(account, 1));

        await outage.KillServerAsync();
        await outage.StartServerAsync();

        Assert.Equal(3, await AskAsync(account, 2));
    }

    [Fact]
    public async Task A_server_that_hangs_is_waited_for_with_a_limit_and_used_when_it_answers_again()
    {
        var outage = await PostgresOutage.OfAsync(Database);
        var system = NewSystem($"{Database.ConnectionString};Command Timeout=1;Timeout=1");
        var account = Open(system, "a");
        Assert.Equal(1, await AskAsync(account, 1));
        var seen = Watch(system);
        await seen.Watch(account);

        await outage.HangServerAsync();
        try
        {
            account.Tell(2);
            Assert.Contains("cannot be reached", (await seen.Expect<Account.Seen>()).What.ToString());
            await seen.ExpectTerminated(account);
            Assert.Contains("cannot be reached", await OpenInVainAsync(system, "a"));
        }
        finally
        {
            await outage.WakeServerAsync();
        }

        // Whether what the server was told while it hung is stored is not known to anybody before.
        Assert.Contains(await AskAsync(Open(system, "a"), "sum"), new[] { 1, 3 });
    }

    // All actors write, so each of them fails, says why and stops.
    private static async Task ReadToTheEndAsync(Victim victim, TallyLedger ledger)
    {
        for (var stopped = 0; stopped < Ids.Length;)
        {
            var report = await victim.NextAsync();
            switch (report?.Split(' '))
            {
                case ["failed", ..]:
                    Assert.Contains("cannot be reached or broke the connection", report);
                    break;
                case ["stopped", _]:
                    stopped++;
                    break;
                default:
                    ledger.Enter(report);
                    break;
            }
        }
    }
}
