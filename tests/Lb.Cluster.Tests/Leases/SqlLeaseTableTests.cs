using Lb.Cluster.Leases;
using Lb.Cluster.Tests.Support;

namespace Lb.Cluster.Tests.Leases;

/// <summary>Rows of a real database, held against the model that the interleavings are run on.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class SqlLeaseTableTests(PostgresServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task Statements_do_what_the_model_does_in_any_order(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var table = new SqlLeaseTable(database.Open(), TimeProvider.System);
        long now = 1;
        var model = new ModelLeaseTable(() => now);
        var random = new Random(1);
        var holders = Enumerable.Range(0, 3).Select(i => new LeaseHolder("lease", $"node{i}", $"id{i}")).ToArray();
        var terms = new Dictionary<LeaseHolder, (long Sql, long Model)>();
        long highest = 0;
        for (var step = 0; step < 1500; step++)
        {
            var holder = holders[random.Next(holders.Length)];
            var (sqlTerm, modelTerm) = terms.GetValueOrDefault(holder);
            switch (random.Next(7))
            {
                case 0 or 1:
                    var granted = await table.TryAcquireAsync(holder, 0, Long, Soon);
                    var expected = model.TryAcquire(holder, 0, Long);
                    Assert.True(granted.HasValue == expected.HasValue, $"step {step}: acquired {granted}, not {expected}");
                    if (granted is { } term)
                    {
                        Assert.True(term > highest, $"step {step}: term {term} after {highest}");
                        highest = term;
                        terms[holder] = (term, expected!.Value);
                    }

                    break;
                case 2 or 3:
                    Assert.Equal(
                        model.Renew(holder, modelTerm, Long), await table.RenewAsync(holder, sqlTerm, Long, Soon));
                    break;
                case 4:
                    Assert.Equal(model.Release(holder, modelTerm), await table.ReleaseAsync(holder, sqlTerm, Soon));
                    break;
                case 5:
                    now += (long)Long.TotalMilliseconds + 1;
                    await database.ExecuteAsync("UPDATE cluster_lease SET expires_at = 1");
                    break;
                default:
                    var record = await table.ReadAsync("lease", Soon);
                    Assert.Equal(model.Read("lease")?.IsHeld, record?.IsHeld);
                    Assert.Equal(model.Read("lease")?.Owner, record?.Owner);
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task Many_at_once_get_it_one_by_one_in_terms_that_grow(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var granted = new System.Collections.Concurrent.ConcurrentQueue<long>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            // Each with a database object of its own, as processes have: they all make the tables too.
            var table = new SqlLeaseTable(database.Open(), TimeProvider.System);
            var holder = new LeaseHolder("lease", $"node{i}", $"id{i}");
            for (var taken = 0; taken < 10;)
            {
                if (await table.TryAcquireAsync(holder, 0, Long, Soon) is { } term)
                {
                    granted.Enqueue(term);
                    taken++;
                    Assert.True(await table.ReleaseAsync(holder, term, Soon));
                }
            }
        })));

        Assert.Equal(80, granted.Count);
        Assert.Equal(granted.Order(), granted);
        Assert.Equal(80, granted.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(SharedDatabase.Providers), MemberType = typeof(SharedDatabase))]
    public async Task An_old_backup_gives_no_term_out_once_more(string provider)
    {
        await using var database = await SharedDatabase.OfAsync(provider, server);
        var table = new SqlLeaseTable(database.Open(), TimeProvider.System);
        var first = new LeaseHolder("lease", "first", "1");
        var second = new LeaseHolder("lease", "second", "2");
        var term = (await table.TryAcquireAsync(first, 0, Long, Soon))!.Value;
        await database.ExecuteAsync("CREATE TABLE backup AS SELECT * FROM cluster_lease");
        await table.ReleaseAsync(first, term, Soon);
        var later = (await table.TryAcquireAsync(second, 0, Long, Soon))!.Value;

        await database.ExecuteAsync("DELETE FROM cluster_lease");
        await database.ExecuteAsync("INSERT INTO cluster_lease SELECT * FROM backup");

        Assert.False(await table.RenewAsync(second, later, Long, Soon));
        Assert.Null(await table.TryAcquireAsync(second, later, Long, Soon));
        await database.ExecuteAsync("UPDATE cluster_lease SET expires_at = 1");
        var third = (await table.TryAcquireAsync(new LeaseHolder("lease", "third", "3"), 0, Long, Soon))!.Value;
        Assert.True(third > later, $"term {third} after {later}");

        // Even a clock that went back too: what the holder has seen counts.
        await database.ExecuteAsync("UPDATE cluster_lease SET expires_at = 1, term = 5");
        var seen = long.MaxValue / 2;
        Assert.Equal(seen + 1, await table.TryAcquireAsync(second, seen, Long, Soon));
    }
}
