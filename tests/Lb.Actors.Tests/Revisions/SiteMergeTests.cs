using FsCheck.Fluent;

namespace Lb.Actors.Tests;

public class SiteMergeTests
{
    private static readonly SiteConfig File = Configs.Site(Configs.Service(Configs.Backend(1), Configs.Backend(2)));

    [Fact]
    public void Runtime_changes_stay_when_the_file_says_nothing_new_of_them()
    {
        ConfigState state = After(
            new SiteChange.BackendWeighted("web", "b1", 7), new SiteChange.BackendAdded("web", Configs.Backend(3)));

        SiteMerge merge = SiteMerge.Of(
            state, Configs.Site(Configs.Service(Configs.Backend(1), Configs.Backend(2, admin: BackendAdmin.Drain))));

        Assert.Empty(merge.Conflicts);
        Assert.Equal(7, merge.Site.Services["web"].Backends["b1"].Weight);
        Assert.Equal(BackendAdmin.Drain, merge.Site.Services["web"].Backends["b2"].Admin);
        Assert.True(merge.Site.Services["web"].Backends.ContainsKey("b3"), "the added backend is gone");
    }

    [Fact]
    public void The_file_wins_where_both_changed_the_same_and_says_so()
    {
        ConfigState state = After(new SiteChange.BackendWeighted("web", "b1", 7));

        SiteMerge merge = SiteMerge.Of(
            state, Configs.Site(Configs.Service(Configs.Backend(1, weight: 50), Configs.Backend(2))));

        ConfigConflict conflict = Assert.Single(merge.Conflicts);
        Assert.Equal(
            "weight of backend b1 of web is 7: the file says weight of backend b1 of web is 50", conflict.ToString());
        Assert.Equal(50, merge.Site.Services["web"].Backends["b1"].Weight);
    }

    [Fact]
    public void A_file_that_says_the_same_as_the_runtime_change_is_no_conflict()
    {
        ConfigState state = After(new SiteChange.BackendWeighted("web", "b1", 7));
        SiteConfig file = Configs.Site(Configs.Service(Configs.Backend(1, weight: 7), Configs.Backend(2)));

        SiteMerge merge = SiteMerge.Of(state, file);

        Assert.Empty(merge.Conflicts);
        Assert.Empty(SiteDiff.Between(file, merge.Site));
    }

    [Fact]
    public void A_runtime_change_of_what_the_file_took_out_is_gone()
    {
        ConfigState state = After(new SiteChange.BackendAdminSet("web", "b1", BackendAdmin.Drain));

        SiteMerge merge = SiteMerge.Of(state, Configs.Site(Configs.Service(Configs.Backend(2))));

        Assert.Equal("backend b1 of web drained", Assert.Single(merge.Conflicts).Runtime.ToString());
        Assert.Equal(["b2"], merge.Site.Services["web"].Backends.Keys);
    }

    [Fact]
    public void A_removal_at_run_time_does_not_come_back_with_an_unchanged_file()
    {
        ConfigState state = After(new SiteChange.BackendRemoved("web", "b2"));

        SiteMerge merge = SiteMerge.Of(state, File);

        Assert.Empty(merge.Conflicts);
        Assert.Equal(["b1"], merge.Site.Services["web"].Backends.Keys);
    }

    [Fact]
    public void Whatever_the_past_a_merge_is_the_file_and_the_changes_that_are_no_conflict() =>
        Properties.Hold(Gen.Three(RandomSites.Site), 500, sites =>
        {
            (SiteConfig file, SiteConfig site, SiteConfig next) = sites;
            ConfigState state = new(1, file, site);

            SiteMerge merge = SiteMerge.Of(state, next);

            // Without a change at run time the file is all; with the same file the site stays as it is.
            Assert.Empty(SiteDiff.Between(next, SiteMerge.Of(new ConfigState(1, file, file), next).Site));
            Assert.Empty(SiteDiff.Between(site, SiteMerge.Of(state, file).Site));
            Assert.Empty(SiteMerge.Of(state, file).Conflicts);

            // Nothing else than what was changed at run time differs from the file, and each change is there or told.
            Assert.All(
                SiteDiff.Between(next, merge.Site),
                change => Assert.Contains(state.Runtime, runtime => runtime.Overlaps(change)));
            Assert.True(merge.Conflicts.Length <= state.Runtime.Length, "more conflicts than changes");
        });

    private static ConfigState After(params SiteChange[] runtime)
    {
        Assert.True(SiteDiff.TryApply(File, runtime, out SiteConfig? site, out string? problem), problem);
        return new ConfigState(1, File, site!);
    }
}
