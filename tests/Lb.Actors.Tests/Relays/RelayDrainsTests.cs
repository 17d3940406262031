using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors.Tests.Relays;

public sealed class RelayDrainsTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private static readonly TimeSpan s_ten = TimeSpan.FromSeconds(10);
    private static readonly Endpoint s_kept = Configs.Socket(1);
    private static readonly Endpoint s_draining = Configs.Socket(2);
    private static readonly Endpoint s_gone = Configs.Socket(3);

    [Fact]
    public void A_backend_that_is_not_kept_drains_from_then_on_while_it_has_connections_or_is_in_the_table()
    {
        RelayDrains drains = RelayDrains.None.With(Table(), Report((s_kept, 5), (s_draining, 0), (s_gone, 1)), 3 * Second);
        RelayDrains later = drains.With(Table(), Report((s_kept, 5), (s_draining, 4), (s_gone, 0)), 9 * Second);

        Assert.Equal([s_draining, s_gone], drains.Since.Keys.OrderBy(socket => socket.ToString(), StringComparer.Ordinal));
        Assert.Equal(3 * Second, Assert.Single(later.Since, drain => drain.Key == s_draining).Value);
        Assert.DoesNotContain(s_gone, later.Since.Keys);
    }

    [Fact]
    public void One_that_is_enabled_again_begins_anew_when_it_drains_again()
    {
        RelayDrains first = RelayDrains.None.With(Table(), Report((s_draining, 4)), 3 * Second);
        RelayDrains kept = first.With(Table() with { Kept = [s_kept, s_draining] }, Report((s_draining, 4)), 5 * Second);
        RelayDrains again = kept.With(Table(), Report((s_draining, 4)), 8 * Second);

        Assert.Empty(kept.Since);
        Assert.Equal(8 * Second, again.Since[s_draining]);
    }

    [Fact]
    public void What_has_had_its_time_is_cut_and_the_next_is_waited_for()
    {
        RelayDrains drains = new(ImmutableDictionary<Endpoint, long>.Empty
            .Add(s_draining, 0).Add(s_gone, 4 * Second));

        RelayTable cut = drains.Cut(Table(), s_ten, 10 * Second);

        Assert.Equal([KeyValuePair.Create(s_draining, RelayEnd.Drain)], cut.Cut);
        Assert.Equal(TimeSpan.FromSeconds(4), drains.Next(s_ten, 10 * Second));
        Assert.Null(drains.Next(s_ten, 14 * Second));
        DateTimeOffset clock = DateTimeOffset.UnixEpoch;
        Assert.Equal(clock.AddSeconds(4), drains.Deadlines(s_ten, 10 * Second, clock)[s_gone]);
    }

    [Fact]
    public void Without_a_time_nothing_is_cut_and_nothing_has_a_deadline()
    {
        RelayDrains drains = new(ImmutableDictionary<Endpoint, long>.Empty.Add(s_draining, 0));

        Assert.Empty(drains.Cut(Table(), TimeSpan.Zero, 99 * Second).Cut);
        Assert.Null(drains.Next(TimeSpan.Zero, 99 * Second));
        Assert.Empty(drains.Deadlines(TimeSpan.Zero, 99 * Second, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void One_that_was_switched_off_keeps_that_reason()
    {
        RelayDrains drains = new(ImmutableDictionary<Endpoint, long>.Empty.Add(s_draining, 0));
        RelayTable table = Table() with
        {
            Cut = ImmutableDictionary<Endpoint, RelayEnd>.Empty.Add(s_draining, RelayEnd.Cut),
        };

        Assert.Equal(RelayEnd.Cut, drains.Cut(table, s_ten, 99 * Second).Cut[s_draining]);
    }

    private static RelayTable Table() => RelayTable.Empty with
    {
        Backends = ImmutableDictionary<uint, Endpoint>.Empty.Add(1, s_kept).Add(2, s_draining),
        Kept = [s_kept],
    };

    private static RelayReport Report(params (Endpoint Socket, long Open)[] backends) => RelayReport.None with
    {
        Backends = backends.ToImmutableDictionary(
            backend => backend.Socket, backend => new RelayCounts(0, backend.Open, 0, 0, 0)),
    };
}
