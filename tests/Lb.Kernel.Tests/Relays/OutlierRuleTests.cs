using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

public sealed class OutlierRuleTests
{
    private static readonly RelayOutlierSettings s_settings = new()
    {
        Failures = 3,
        BaseTime = TimeSpan.FromSeconds(10),
        MaxTime = TimeSpan.FromSeconds(25),
        MaxEjected = 0.5,
    };

    [Fact]
    public void Each_time_in_a_row_it_is_out_longer_up_to_the_most()
    {
        OutlierState first = Eject(default, now: 0);
        OutlierState second = Eject(first, now: first.Until + 1);
        OutlierState third = Eject(second, now: second.Until + 1);

        Assert.Equal(new OutlierState(1, 10_000), first);
        Assert.Equal(new OutlierState(2, 10_001 + 20_000), second);
        Assert.Equal(new OutlierState(3, 30_002 + 25_000), third);
    }

    [Fact]
    public void Each_base_time_in_which_it_behaves_takes_one_ejection_away()
    {
        OutlierState bad = new(3, 100_000);

        Assert.Equal(4, Eject(bad, now: 109_999).Ejections);
        Assert.Equal(3, Eject(bad, now: 110_000).Ejections);
        Assert.Equal(1, Eject(bad, now: 130_000).Ejections);
        Assert.Equal(1, Eject(bad, now: 900_000).Ejections);
    }

    [Theory]
    [InlineData(1, 0, 1, false)] // The last one stays, whatever the share.
    [InlineData(2, 0, 0.1, true)] // One of several may always be out.
    [InlineData(2, 1, 1, false)]
    [InlineData(4, 1, 0.5, true)]
    [InlineData(4, 2, 0.5, false)]
    [InlineData(4, 2, 1, true)]
    [InlineData(4, 3, 1, false)]
    [InlineData(4, 0, 0, false)]
    public void Share_that_may_be_out_is_kept(int pool, int others, double most, bool ejected) => Assert.Equal(
        ejected, OutlierRule.Eject(s_settings with { MaxEjected = most }, default, 0, pool, others) is not null);

    [Fact]
    public void Random_failures_never_eject_more_than_the_share()
    {
        Random random = new(5);
        for (int round = 0; round < 200; round++)
        {
            int pool = random.Next(1, 20);
            RelayOutlierSettings settings = s_settings with { MaxEjected = random.NextDouble() };
            OutlierState[] states = new OutlierState[pool];
            long now = 1;
            for (int i = 0; i < 300; i++)
            {
                now += random.Next(3_000);
                int one = random.Next(pool);
                int others = states.Where((state, at) => at != one && state.Until > now).Count();
                if (states[one].Until <= now && OutlierRule.Eject(settings, states[one], now, pool, others) is { } state)
                {
                    states[one] = state;
                    Assert.InRange(state.Until - now, 10_000, 25_000);
                }

                int most = Math.Min(pool - 1, Math.Max(1, (int)(settings.MaxEjected * pool)));
                Assert.InRange(states.Count(state => state.Until > now), 0, most);
            }
        }
    }

    private static OutlierState Eject(OutlierState before, long now) =>
        OutlierRule.Eject(s_settings, before, now, pool: 4, others: 0)!.Value;
}
