using Lb.Actors.Wire;

namespace Lb.Actors.Tests.Revisions;

/// <summary>Since when backends drain, by the revisions of a site.</summary>
public sealed class DrainTimesTests
{
    private const BackendAdmin Drain = BackendAdmin.Drain;

    [Fact]
    public void A_drain_begins_with_the_revision_that_asks_for_it_and_goes_on_through_others()
    {
        ConfigState state = At(0, Configs.Backend(1), Configs.Backend(2));
        Assert.Empty(state.Drains.Services);
        state = At(state, 1, Configs.Backend(1, admin: Drain), Configs.Backend(2));
        state = At(state, 2, Configs.Backend(1, admin: Drain, weight: 7), Configs.Backend(2, admin: Drain));
        Assert.Equal([(1, 1), (2, 2)], Times(state));
        Assert.Equal([(2, 2)], Times(At(state, 3, Configs.Backend(1), Configs.Backend(2, admin: Drain))));
    }

    [Fact]
    public void A_backend_that_leaves_the_config_is_followed_until_it_comes_back_or_is_long_gone()
    {
        ConfigState gone = At(At(0, Configs.Backend(1), Configs.Backend(2)), 1, Configs.Backend(2));
        Assert.Equal([(1, 1)], Times(gone));
        Assert.Equal([(1, 1)], Times(At(gone, 2, Configs.Backend(2, weight: 3))));
        Assert.Empty(Times(At(gone, 2, Configs.Backend(1), Configs.Backend(2))));
        int month = (int)DrainTimes.Longest.TotalMinutes;
        Assert.Empty(Times(At(gone, 1 + month, Configs.Backend(2, weight: 3))));
    }

    [Fact]
    public void A_drain_that_goes_on_out_of_the_config_keeps_its_time_and_another_deadline_begins_anew()
    {
        ConfigState state = At(At(0, Configs.Backend(1), Configs.Backend(2)), 1, Configs.Backend(1, admin: Drain), Configs.Backend(2));
        Assert.Equal([(1, 1)], Times(At(state, 2, Configs.Backend(2))));
        BackendConfig sooner = Configs.Backend(1, admin: Drain) with { DrainDeadline = TimeSpan.FromMinutes(5) };
        Assert.Equal([(1, 3)], Times(At(state, 3, sooner, Configs.Backend(2))));
    }

    [Fact]
    public void A_service_that_goes_or_gets_another_VIP_leaves_nothing()
    {
        ConfigState state = At(At(0, Configs.Backend(1)), 1, Configs.Backend(1, admin: Drain));
        Assert.Empty(Apply(state, 2, Configs.Site()).Drains.Services);
        ServiceConfig moved = Configs.Service(Configs.Backend(2, admin: Drain)).Named("web", "192.0.2.99");
        Assert.Equal([(2, 2)], Times(Apply(state, 2, Configs.Site(moved))));
    }

    [Fact]
    public void A_snapshot_keeps_them_and_one_without_has_none()
    {
        ConfigState state = At(At(0, Configs.Backend(1)), 1, Configs.Backend(1, admin: Drain));
        SiteSnapshotRecord snapshot = SiteSnapshotRecord.Of(state);
        Assert.Equal(Times(state), Times(snapshot.ToState("test")));
        Assert.Empty((snapshot with { Drains = null }).ToState("test").Drains.Services);
    }

    private static ConfigState At(int minute, params BackendConfig[] backends) =>
        At(ConfigState.Start("test"), minute, backends);

    private static ConfigState At(ConfigState state, int minute, params BackendConfig[] backends) =>
        Apply(state, minute, Configs.Site(Configs.Service(backends)));

    private static ConfigState Apply(ConfigState state, int minute, SiteConfig site) =>
        state.Apply(state.Decide(site, site, Configs.Info with { When = Configs.Info.When.AddMinutes(minute) })!);

    /// <summary>Numbers of backends with the minute since which they drain.</summary>
    private static (int Backend, int Minute)[] Times(ConfigState state) =>
    [
        .. state.Drains.Of("web")
            .Select(drain => ((int)drain.Key.Address.GetAddressBytes()[3], (int)(drain.Value - Configs.Info.When).TotalMinutes))
            .Order(),
    ];
}
