using FsCheck.Fluent;

namespace Lb.Actors.Tests;

public class HealthStateTests
{
    private static readonly HealthConfig Config = Configs.Health with { Rise = 2, Fall = 3 };

    [Fact]
    public void The_first_success_makes_a_fresh_backend_up() =>
        Assert.Equal(HealthVerdict.Up, After(HealthState.Fresh, "+"));

    [Theory]
    [InlineData("-", HealthVerdict.Unknown)]
    [InlineData("--", HealthVerdict.Unknown)]
    [InlineData("---", HealthVerdict.Down)]
    [InlineData("--+", HealthVerdict.Up)]
    public void A_fresh_backend_is_down_after_as_many_failures_as_fall(string probes, HealthVerdict verdict) =>
        Assert.Equal(verdict, After(HealthState.Fresh, probes));

    [Theory]
    [InlineData("--", HealthVerdict.Up)]
    [InlineData("--+--", HealthVerdict.Up)]
    [InlineData("---", HealthVerdict.Down)]
    public void An_up_backend_falls_after_failures_in_a_row(string probes, HealthVerdict verdict) =>
        Assert.Equal(verdict, After(new HealthState(HealthVerdict.Up, 0), probes));

    [Theory]
    [InlineData("+", HealthVerdict.Down)]
    [InlineData("+-+", HealthVerdict.Down)]
    [InlineData("++", HealthVerdict.Up)]
    public void A_down_backend_rises_after_successes_in_a_row(string probes, HealthVerdict verdict) =>
        Assert.Equal(verdict, After(new HealthState(HealthVerdict.Down, 0), probes));

    [Fact]
    public void A_verdict_changes_only_after_its_count_of_equal_results_in_a_row() => Properties.Hold(
        from rise in Gen.Choose(1, 5)
        from fall in Gen.Choose(1, 5)
        from probes in Gen.Elements(true, false).ListOf()
        select (rise, fall, probes),
        300,
        run =>
        {
            HealthConfig config = Config with { Rise = run.rise, Fall = run.fall };
            HealthState state = new(HealthVerdict.Up, 0);
            int streak = 0;
            bool last = true;
            foreach (bool success in run.probes)
            {
                streak = success == last ? streak + 1 : 1;
                last = success;
                HealthState next = state.After(success, config);
                if (next.Verdict != state.Verdict)
                {
                    Assert.True(streak >= (success ? run.rise : run.fall), "the verdict changed too soon");
                    Assert.Equal(success ? HealthVerdict.Up : HealthVerdict.Down, next.Verdict);
                }
                else if (streak >= Math.Max(run.rise, run.fall))
                {
                    Assert.Equal(success ? HealthVerdict.Up : HealthVerdict.Down, next.Verdict);
                }

                state = next;
            }
        });

    private static HealthVerdict After(HealthState state, string probes) =>
        probes.Aggregate(state, (now, probe) => now.After(probe == '+', Config)).Verdict;
}
