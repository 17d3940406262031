using Lb.Cluster.Membership;

namespace Lb.Cluster.Tests.Membership;

/// <summary>Who watches whom, what is made of what they say, and when silence is suspicious.</summary>
public sealed class ReachabilityTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Observations_joined_in_any_order_come_to_the_same()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var rows = Enumerable.Range(0, 30)
                .Select(_ => Row(random.Next(5), random.Next(10), random.Next(5))).ToList();

            // Two rows of one version are the same row.
            rows = [.. rows.DistinctBy(row => (row.Observer, row.Version))];
            var one = rows.Aggregate(Reachability.Empty, (all, row) => all.Merge(row));
            var other = rows.OrderBy(_ => random.Next()).Concat(rows)
                .Aggregate(Reachability.Empty, (all, row) => all.Merge(row));
            Assert.Equal(one.Digest, other.Digest);
            Assert.Equal(one.Rows.Keys, other.Rows.Keys);
            Assert.All(one.Rows, row => Assert.Same(row.Value, other.Rows[row.Key]));
        }
    }

    [Fact]
    public void A_node_is_watched_by_as_many_as_are_wanted_and_load_is_even()
    {
        List<long> nodes = [.. Enumerable.Range(1000, 200).Select(i => (long)i)];
        var watching = nodes.ToDictionary(node => node, _ => 0);
        foreach (var subject in nodes)
        {
            var watchers = Monitors.Of(subject, nodes, 5);
            Assert.Equal(5, watchers.Distinct().Count());
            Assert.DoesNotContain(subject, watchers);
            foreach (var watcher in watchers)
            {
                watching[watcher]++;
            }
        }

        Assert.InRange(watching.Values.Max(), 5, 20);
        Assert.Equal(2, Monitors.Of(1000, nodes[..3], 5).Count);
    }

    [Fact]
    public void A_node_that_goes_moves_only_what_it_watched()
    {
        List<long> nodes = [.. Enumerable.Range(1000, 50).Select(i => (long)i)];
        List<long> fewer = [.. nodes.Where(node => node != 1007)];
        foreach (var subject in fewer)
        {
            var before = Monitors.Of(subject, nodes, 5);
            var after = Monitors.Of(subject, fewer, 5);
            Assert.Equal(before.Where(node => node != 1007), after.Take(before.Count(node => node != 1007)));
        }
    }

    [Fact]
    public void One_accuser_of_many_watchers_is_not_believed()
    {
        List<long> nodes = [1, 2, 3, 4, 5];
        Assert.Empty(Reachability.Empty.Merge(Row(1, 1, 2)).Unreachable(nodes, 3));
        var watchers = Monitors.Of(2, nodes, 3);
        var two = Reachability.Empty.Merge(Row(watchers[0], 1, 2)).Merge(Row(watchers[1], 1, 2));
        Assert.Equal([2], two.Unreachable(nodes, 3));
        Assert.Empty(two.Merge(Row(watchers[1], 2)).Unreachable(nodes, 3));
    }

    [Fact]
    public void The_last_one_alive_can_tell()
    {
        List<long> nodes = [1, 2, 3, 4, 5];
        Assert.Equal([2, 3, 4, 5], Reachability.Empty.Merge(Row(1, 1, 2, 3, 4, 5)).Unreachable(nodes, 5).Order());
    }

    [Fact]
    public void Silence_becomes_suspicious_as_the_paper_says()
    {
        // Regular answers, no pause allowed for, a deviation of 100 ms at least.
        var detector = new PhiAccrual(TimeSpan.Zero, Second, TimeSpan.FromMilliseconds(100), TimeSpan.Zero);
        for (var i = 1; i <= 200; i++)
        {
            detector.Heard(Second * i);
        }

        // On average half of the answers come later than the mean: -log10(0.5).
        Assert.Equal(0.30, detector.Phi(Second * 201), 2);

        // Two deviations later 2.3 % do, three 0.13 %.
        Assert.Equal(1.64, detector.Phi((Second * 201) + TimeSpan.FromMilliseconds(200)), 1);
        Assert.Equal(2.87, detector.Phi((Second * 201) + TimeSpan.FromMilliseconds(300)), 1);
        Assert.True(detector.Phi(Second * 210) > 100);
    }

    [Fact]
    public void Uneven_answers_make_a_patient_observer_and_an_allowed_pause_is_waited_for()
    {
        var even = new PhiAccrual(TimeSpan.Zero, Second, TimeSpan.FromMilliseconds(100), TimeSpan.Zero);
        var uneven = new PhiAccrual(TimeSpan.Zero, Second, TimeSpan.FromMilliseconds(100), TimeSpan.Zero);
        var pause = new PhiAccrual(TimeSpan.Zero, Second, TimeSpan.FromMilliseconds(100), Second * 3);
        for (var i = 1; i <= 100; i++)
        {
            even.Heard(Second * i);
            pause.Heard(Second * i);
            uneven.Heard((Second * i) + TimeSpan.FromMilliseconds(i % 2 == 0 ? -400 : 400));
        }

        var later = (Second * 101) + TimeSpan.FromMilliseconds(800);
        Assert.True(even.Phi(later) > 8);
        Assert.True(uneven.Phi(later) < 8);
        Assert.True(pause.Phi(Second * 103) < 1);
        Assert.True(pause.Phi(Second * 106) > 8);
    }

    private static Observation Row(long observer, long version, params long[] unreachable) =>
        new(observer, version, [.. unreachable]);
}
