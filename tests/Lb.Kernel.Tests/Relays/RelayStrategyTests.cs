using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

public sealed class RelayStrategyTests
{
    private const int Connections = 12_000;

    public static TheoryData<RelayBalance> All => [.. Enum.GetValues<RelayBalance>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Weights_are_respected(RelayBalance balance)
    {
        RelayPool pool = new(1, 2, 3);

        pool.Connect(balance, Connections, seed: 7);

        Assert.Equal(Connections, pool.Open.Sum());
        // Four standard deviations of what chance alone would give, of 12,000.
        Assert.InRange(pool.Open[0], 2000 - 164, 2000 + 164);
        Assert.InRange(pool.Open[1], 4000 - 207, 4000 + 207);
        Assert.InRange(pool.Open[2], 6000 - 220, 6000 + 220);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_chosen_of_no_backends(RelayBalance balance) => Assert.Null(Choose(new RelayPool(), balance, default));

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_chosen_when_all_were_tried(RelayBalance balance)
    {
        RelayPool pool = new(1, 1, 1);

        Assert.Null(Choose(pool, balance, new RelayExclusion([.. pool.Backends], 0, 0)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Excluded_backend_is_never_chosen_in_random_pools(RelayBalance balance)
    {
        Random random = new(11);
        for (int round = 0; round < 500; round++)
        {
            RelayPool pool = new([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, 9))]);
            List<RelayBackend> tried = [.. pool.Backends.Where(_ => random.Next(3) == 0)];
            foreach (RelayBackend full in pool.Backends.Where(_ => random.Next(4) == 0))
            {
                while (full.Load.TryEnter(5))
                {
                }
            }

            foreach (RelayBackend failing in pool.Backends.Where(_ => random.Next(4) == 0))
            {
                failing.Outlier.TryEject(
                    new RelayOutlierSettings { Failures = 1, MaxEjected = 1 }, RelayFailure.Reset, 100, 99, 0);
            }

            RelayExclusion excluded = new(tried, 5, 100);
            RelayBackend[] left = [.. pool.Backends.Where(backend =>
                !tried.Contains(backend) && backend.Load.Open < 5 && !backend.Outlier.IsOutAt(100))];
            for (ulong seed = 0; seed < 20; seed++)
            {
                RelayBackend? chosen = Choose(pool, balance, excluded, seed);
                Assert.True(
                    left.Length == 0 ? chosen is null : left.Contains(chosen!),
                    $"{balance} chose {chosen?.Socket} where {left.Length} of {pool.Backends.Length} are left");
            }
        }
    }

    [Fact]
    public void Least_connections_are_never_one_above_what_the_weight_says()
    {
        RelayPool pool = new(1, 2, 3, 4);
        for (int connections = 1; connections <= 1000; connections++)
        {
            pool.Connect(RelayBalance.LeastConnections, 1, (ulong)connections);
            for (int i = 0; i < 4; i++)
            {
                double due = connections * (i + 1) / 10.0;
                Assert.InRange(pool.Open[i], due - 4, due + 4);
            }
        }

        Assert.Equal([100, 200, 300, 400], pool.Open);
    }

    [Fact]
    public void Least_connections_fill_a_backend_that_has_fewer()
    {
        RelayPool pool = new(1, 1);
        pool.Connect(RelayBalance.LeastConnections, 50, 1, new RelayExclusion([pool.Backends[1]], 0, 0));

        pool.Connect(RelayBalance.LeastConnections, 50, 2);

        Assert.Equal([50, 50], pool.Open);
    }

    [Fact]
    public void Two_choices_keep_the_fullest_near_the_mean_where_one_choice_does_not()
    {
        RelayPool two = new([.. Enumerable.Repeat(1, 100)]);
        RelayPool one = new([.. Enumerable.Repeat(1, 100)]);

        two.Connect(RelayBalance.TwoChoices, 10_000, 3);
        one.Connect(RelayBalance.Maglev, 10_000, 3);

        // log log n / log 2 above the mean of 100, against about sqrt(2 * 100 * ln n).
        Assert.InRange(two.Open.Max(), 100, 104);
        Assert.InRange(one.Open.Max(), 115, 150);
    }

    [Fact]
    public void Peak_ewma_gives_a_slow_backend_as_much_less_as_it_is_slower()
    {
        RelayPool pool = new(1, 1, 1);
        long now = Environment.TickCount64;
        pool.Backends[0].Load.Latency.Add(10_000, now);
        pool.Backends[1].Load.Latency.Add(1_000, now);
        pool.Backends[2].Load.Latency.Add(1_000, now);

        pool.Connect(RelayBalance.PeakEwma, 2_100, 5);

        // Open connections × latency are equal.
        Assert.InRange(pool.Open[0], 90, 110);
        Assert.InRange(pool.Open[1], 950, 1050);
    }

    [Fact]
    public void Peak_ewma_tries_an_unknown_backend_once_until_it_has_answered()
    {
        RelayPool pool = new(1, 1);
        pool.Backends[0].Load.Latency.Add(1_000, Environment.TickCount64);

        pool.Connect(RelayBalance.PeakEwma, 100, 5);

        Assert.Equal([99, 1], pool.Open);
    }

    [Fact]
    public void Maglev_takes_the_backend_of_the_slot_and_then_that_of_the_next()
    {
        RelayPool pool = new(1, 1);
        RelayDice dice = new(0);

        Assert.Same(
            pool.Backends[0], MaglevStrategy.Instance.Choose(pool.Candidates, default, slot: 19, ref dice));
        Assert.Same(
            pool.Backends[1],
            MaglevStrategy.Instance.Choose(
                pool.Candidates, new RelayExclusion([pool.Backends[0]], 0, 0), slot: 5, ref dice));
    }

    private static RelayBackend? Choose(
        RelayPool pool, RelayBalance balance, in RelayExclusion excluded, ulong seed = 1)
    {
        RelayDice dice = new(seed);
        uint slot = pool.Candidates.Slots == 0 ? 0 : dice.Next((uint)pool.Candidates.Slots);
        return RelayStrategy.Of(balance).Choose(pool.Candidates, excluded, slot, ref dice);
    }
}
