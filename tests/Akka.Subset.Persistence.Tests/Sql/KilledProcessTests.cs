using System.Globalization;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Akka.Subset.Persistence.Tests.Sql.Victims;
using Xunit;
using Xunit.Abstractions;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>
/// A process is killed at a random moment while its actors persist, again and again. What it had acknowledged is
/// there when the next one recovers, each write whole or not at all, with no gap.
/// </summary>
public abstract class KilledProcessTests(TestDatabase database, ITestOutputHelper output) : SqlTest(database)
{
    private const int Kills = 200;

    private static readonly string[] Ids = [.. Enumerable.Range(0, 8).Select(i => $"tally{i}")];

    [Fact]
    public async Task No_acknowledged_event_is_lost_and_recovery_succeeds_each_time()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var ledger = new TallyLedger(Ids);
        var next = NewVictim();
        for (var kill = 0; kill < Kills; kill++)
        {
            // The next process starts up while this one dies.
            await using var victim = next;
            next = NewVictim();
            await victim.TellAsync(Ids.SelectMany(id => new[] { $"open {id}", $"flood {id}" }));
            await LiveAsync(victim, ledger, random);
            await victim.KillAsync();
            while (await victim.NextAsync() is { } report)
            {
                ledger.Enter(report);
            }
        }

        await next.TellAsync(Ids.Select(id => $"open {id}"));
        for (var recovered = 0; recovered < Ids.Length; recovered++)
        {
            ledger.Enter(await next.ExpectAsync("recovered"));
        }

        output.WriteLine($"{ledger}");
        Assert.True(ledger.Acknowledged > Kills, $"too little was killed: {ledger}");
        Assert.True(ledger.Unheard > 0, $"no kill hit between a commit and its report: {ledger}");
        Assert.All(
            await Database.QueryAsync(
                """
                SELECT MAX(sequence_number) - MIN(sequence_number) + 1 - COUNT(*) FROM journal GROUP BY persistence_id
                """),
            row => Assert.Equal(0, Convert.ToInt64(row[0], CultureInfo.InvariantCulture)));
    }

    // Most processes die after some reports, at any point of what comes then; some while they recover.
    private static async Task LiveAsync(Victim victim, TallyLedger ledger, Random random)
    {
        if (random.Next(10) > 0)
        {
            for (var reports = random.Next(1, 120); reports > 0; reports--)
            {
                ledger.Enter(await victim.NextAsync());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 5));
        }
        else
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 300));
        }
    }
}

public sealed class SqliteKilledProcessTests(ITestOutputHelper output)
    : KilledProcessTests(new SqliteTestDatabase(), output);

[Collection(PostgresCollection.Name)]
public sealed class PostgresKilledProcessTests(PostgresServer server, ITestOutputHelper output)
    : KilledProcessTests(new PostgresTestDatabase(server), output);
