using FsCheck.Fluent;

namespace Lb.Actors.Tests;

/// <summary>The steps of a backend that comes up.</summary>
public sealed class SlowStartTests
{
    [Fact]
    public void Shares_rise_from_the_first_to_all()
    {
        Assert.Equal([1000, 100, 212, 325, 437, 550, 662, 775, 887], Enumerable.Range(0, 9).Select(step => SlowStart.Thousandths((byte)step, 0.1)));
        Assert.All(Enumerable.Range(0, 9), step => Assert.Equal(1000, SlowStart.Thousandths((byte)step, 1)));
    }

    [Theory]
    [InlineData(HealthVerdict.Down, true, 30, true)]
    [InlineData(HealthVerdict.Down, false, 30, true)]
    [InlineData(HealthVerdict.Unknown, false, 30, true)]
    [InlineData(HealthVerdict.Unknown, true, 30, false)]
    [InlineData(HealthVerdict.Up, false, 30, false)]
    [InlineData(HealthVerdict.Down, false, 0, false)]
    public void It_begins_with_what_comes_up_and_not_with_a_start(HealthVerdict before, bool initial, int seconds, bool begins) =>
        Assert.Equal(begins, SlowStart.Begins(before, initial, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void However_often_and_late_it_is_looked_at_it_never_goes_back_and_ends_in_time() => Properties.Hold(
        Gen.Choose(1, 20_000).NonEmptyListOf().Zip(Gen.Choose(4, 600)),
        500,
        drawn =>
        {
            (var waits, int seconds) = drawn;
            TimeSpan duration = TimeSpan.FromSeconds(seconds);
            (byte step, long since) = (1, 1000L);
            long now = since;
            int changes = 0;
            foreach (int wait in waits)
            {
                now += wait * TimeSpan.TicksPerMillisecond;
                (byte next, long at) = SlowStart.After(step, since, now, duration);
                Assert.True(next == 0 || next >= step, "it went back");
                long due = 1000 + (duration.Ticks / SlowStart.Steps * SlowStart.Steps);
                Assert.Equal(now >= due || step == 0, next == 0);
                changes += next == step ? 0 : 1;
                (step, since) = (next, at);
            }

            Assert.InRange(changes, 0, SlowStart.Steps);
            Assert.Equal((byte)0, SlowStart.After(step, since, now, TimeSpan.Zero).Step);
        });

    [Fact]
    public void Weights_keep_their_proportions_and_a_small_one_is_parted_too() => Properties.Hold(
        Gen.Choose(1, 65535).Zip(Gen.Choose(1, 65535)).Zip(Gen.Choose(0, 8)),
        500,
        drawn =>
        {
            ((int weight, int other), int step) = drawn;
            int heaviest = Math.Max(weight, other);
            int share = SlowStart.Thousandths((byte)step, 0.1);
            int slow = SlowStart.Weigh(weight, share, heaviest);
            int whole = SlowStart.Weigh(weight, 1000, heaviest);
            Assert.InRange(whole, 1, Maglev.WeightLimit);
            Assert.InRange(slow, 1, whole);
            Assert.Equal((long)weight * SlowStart.Weigh(other, 1000, heaviest), (long)other * whole);
            Assert.True(heaviest > 65 || slow * 1000 - ((long)whole * share) is <= 1000 and >= -1000, "not the share of its weight");
        });

    [Fact]
    public void Table_gives_it_its_share_moves_a_slot_at_most_once_and_ends_as_without()
    {
        ServiceConfig config = Configs.Service([.. Enumerable.Range(1, 4).Select(n => Configs.Backend(n, weight: 1))]) with
        {
            Slots = 4093,
            Pool = new PoolPolicy { SlowStart = TimeSpan.FromSeconds(30) },
        };
        ServiceState state = ServiceState.Start(config);
        state = state.Apply(state.Decide(new ServiceCommand.Configure(config)));
        for (int n = 1; n <= 4; n++)
        {
            state = Judge(state, n, n == 3 ? HealthVerdict.Down : HealthVerdict.Up, 0);
        }

        Generation before = Generation.Next(null, state, 0);
        Generation last = before;
        int moved = 0;
        int own = 0;
        foreach (byte step in (byte[])[1, 2, 3, 4, 5, 6, 7, 8, 0])
        {
            state = Judge(state, 3, HealthVerdict.Up, step);
            Generation next = Generation.Next(last, state, 1);
            moved += next.Table.Slots.Zip(last.Table.Slots, (a, b) => a.Current != b.Current ? 1 : 0).Sum();
            own = next.Counts[3].Current;
            double share = SlowStart.Thousandths(step, 0.1) / 1000.0;
            Assert.InRange(own / 4093.0, (share / (3 + share)) - 0.001, (share / (3 + share)) + 0.001);
            last = next;
        }

        Assert.Equal(Generation.Next(null, state, 0).Digest, last.Digest);
        Assert.InRange(moved, own, own * 1.5);
    }

    private static ServiceState Judge(ServiceState state, int number, HealthVerdict verdict, byte step) =>
        state.Apply(state.Decide(new ServiceCommand.Judge(Configs.Socket(number), verdict, step)));
}
