using Lb.Actors.Wire;

namespace Lb.Actors.Tests;

/// <summary>How large a table is follows from the journal: nodes that have read the same have tables of one size.</summary>
public sealed class TableSizesTests
{
    [Fact]
    public void A_table_grows_with_its_pool_and_does_not_shrink()
    {
        ConfigState state = After(ConfigState.Start("test"), 2, 9, 3);

        Assert.Equal(16_381, state.TableSizes["web"]);
        Assert.Equal(4_093, After(ConfigState.Start("test"), 2, 3).TableSizes["web"]);
    }

    [Fact]
    public void A_service_that_was_away_begins_anew()
    {
        ConfigState grown = After(ConfigState.Start("test"), 9);

        ConfigState gone = Apply(grown, Configs.Site());
        Assert.Empty(gone.TableSizes);
        Assert.Equal(4_093, After(gone, 2).TableSizes["web"]);
    }

    [Fact]
    public void A_size_that_is_configured_holds() =>
        Assert.Equal(251, Apply(After(ConfigState.Start("test"), 9), Configs.Site(Pool(9) with { Slots = 251 })).TableSizes["web"]);

    [Fact]
    public void A_snapshot_keeps_them()
    {
        ConfigState state = After(ConfigState.Start("test"), 9, 3);

        Assert.Equal(state.TableSizes, SiteSnapshotRecord.Of(state).ToState("test").TableSizes);
    }

    [Fact]
    public void A_snapshot_from_before_they_were_kept_has_those_of_its_pools()
    {
        SiteSnapshotRecord old = SiteSnapshotRecord.Of(After(ConfigState.Start("test"), 9, 3)) with { TableSizes = null };

        Assert.Equal(4_093, old.ToState("test").TableSizes["web"]);
    }

    private static ConfigState After(ConfigState state, params ReadOnlySpan<int> pools)
    {
        foreach (int backends in pools)
        {
            state = Apply(state, Configs.Site(Pool(backends)));
        }

        return state;
    }

    private static ConfigState Apply(ConfigState state, SiteConfig site) =>
        state.Apply(state.Decide(site, site, Configs.Operator)!);

    private static ServiceConfig Pool(int backends) =>
        Configs.Service([.. Enumerable.Range(1, backends).Select(i => Configs.Backend(i))]) with { Slots = 0 };
}
