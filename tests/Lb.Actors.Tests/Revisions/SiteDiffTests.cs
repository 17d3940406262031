using System.Collections.Immutable;
using System.Net;
using FsCheck.Fluent;

namespace Lb.Actors.Tests;

public class SiteDiffTests
{
    [Fact]
    public void Changes_between_two_configs_lead_from_one_to_the_other() =>
        Properties.Hold(Gen.Two(RandomSites.Site), 500, pair =>
        {
            (SiteConfig before, SiteConfig after) = pair;
            ImmutableArray<SiteChange> changes = SiteDiff.Between(before, after);

            Assert.True(SiteDiff.TryApply(before, changes, out SiteConfig? reached, out string? problem), problem);
            Assert.Empty(SiteDiff.Between(reached!, after));
            Assert.Empty(SiteDiff.Between(after, after));
        });

    [Fact]
    public void Each_kind_of_change_is_told_by_itself()
    {
        SiteConfig before = Configs.Site(
            Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3), Configs.Backend(4)),
            Configs.Service().Named("old", "192.0.2.12"));
        ServiceConfig web = Configs.Service(
            Configs.Backend(1, weight: 7),
            Configs.Backend(2, admin: BackendAdmin.Drain),
            Configs.Backend(3) with { Port = 9 },
            Configs.Backend(5)) with
        { Slots = 509 };
        SiteConfig after = Configs.Site(web, Configs.Service().Named("new", "192.0.2.13")) with
        {
            CheckInterval = TimeSpan.FromMinutes(1),
        };

        Assert.Equal(
            [
                "settings of the site",
                "service old removed",
                "service new added (tcp 192.0.2.13:80, 0 backends)",
                "policy of service web",
                "backend b4 removed from web",
                "weight of backend b1 of web is 7",
                "backend b2 of web drained",
                "backend b3 of web is 10.0.2.3:9",
                "backend b5 (10.0.2.5:8080) added to web",
            ],
            SiteDiff.Between(before, after).Select(change => change.ToString()));
    }

    [Fact]
    public void A_change_of_what_is_not_there_says_what_is_missing()
    {
        (SiteChange Change, string Problem)[] cases =
        [
            (new SiteChange.ServiceRemoved("x"), "there is no service x"),
            (new SiteChange.ServiceAdded(Configs.Service()), "there is a service web already"),
            (new SiteChange.ServiceSet(Configs.Service() with { Name = "x" }), "there is no service x"),
            (new SiteChange.BackendAdded("x", Configs.Backend(1)), "there is no service x"),
            (new SiteChange.BackendAdded("web", Configs.Backend(1)), "service web has a backend b1 already"),
            (new SiteChange.BackendRemoved("web", "b9"), "service web has no backend b9"),
            (new SiteChange.BackendWeighted("web", "b9", 1), "service web has no backend b9"),
            (new SiteChange.BackendAdminSet("x", "b1", BackendAdmin.Drain), "there is no service x"),
            (new SiteChange.BackendMoved("web", "b9", IPAddress.Loopback, 1), "service web has no backend b9"),
        ];
        SiteConfig site = Configs.Site(Configs.Service(Configs.Backend(1)));
        Assert.All(cases, expected =>
        {
            Assert.False(SiteDiff.TryApply(site, [expected.Change], out _, out string? problem));
            Assert.Equal(expected.Problem, problem);
        });
    }

    [Fact]
    public void Changes_overlap_when_one_is_about_a_part_of_the_other()
    {
        SiteChange weight = new SiteChange.BackendWeighted("web", "b1", 1);
        Assert.True(weight.Overlaps(new SiteChange.BackendWeighted("web", "b1", 2)));
        Assert.True(weight.Overlaps(new SiteChange.BackendRemoved("web", "b1")));
        Assert.True(new SiteChange.ServiceRemoved("web").Overlaps(weight));
        Assert.False(weight.Overlaps(new SiteChange.BackendAdminSet("web", "b1", BackendAdmin.Drain)));
        Assert.False(weight.Overlaps(new SiteChange.BackendWeighted("web", "b2", 2)));
        Assert.False(weight.Overlaps(new SiteChange.BackendWeighted("mail", "b1", 2)));
        Assert.False(weight.Overlaps(new SiteChange.ServiceSet(Configs.Service())));
    }
}
