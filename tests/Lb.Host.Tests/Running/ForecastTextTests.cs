using Lb.Host.Running;
using Lb.Kernel;

namespace Lb.Host.Tests.Running;

/// <summary>What a check says of pinned maps.</summary>
public sealed class ForecastTextTests
{
    private static readonly MapForecast s_kept = new("lb_nat4", MapFate.Kept, null, 0);
    private static readonly MapForecast s_carried = new("lb_flows4", MapFate.Carried, "its value size is 24 where 16 is needed", 20);
    private static readonly MapForecast s_refused = new("lb_backends", MapFate.Refused, "its element 9 is in use", 0);

    [Fact]
    public void Maps_that_are_kept_all_take_one_line() =>
        Assert.Equal(["A start keeps all 2 pinned maps as they are."], ForecastText.Lines(new StartForecast([s_kept, s_kept])));

    [Fact]
    public void Maps_that_were_not_looked_at_take_one_line_with_why() => Assert.Equal(
        ["The pinned maps were not looked at: it is so."], ForecastText.Lines(new StartForecast([]) { NotRead = "it is so." }));

    [Fact]
    public void Each_map_that_changes_has_a_line() => Assert.Equal(
        [
            "A start keeps 1 of 6 maps as they are; of the others:",
            "  lb_flows4 is carried over with 20 entries (its value size is 24 where 16 is needed)",
            "  lb_vips4 is carried over with 1 entry (members of its values are others)",
            "  lb_pending4 is carried over with 510 entries (its number of entries is 1024 where 512 is needed); that is so near to its new "
                + "size that the start may find no room for some, and refuse",
            "  lb_resets begins anew, empty (its value size is 8 where 16 is needed)",
            "  lb_recent4 is added, empty",
            "  An exchange of maps that was killed is ended before that.",
            "  No lb_types is pinned: it takes CAP_SYS_ADMIN, as root has it, once.",
        ],
        ForecastText.Lines(new StartForecast(
        [
            s_kept,
            s_carried,
            new("lb_vips4", MapFate.Carried, "members of its values are others", 1),
            new("lb_pending4", MapFate.Carried, "its number of entries is 1024 where 512 is needed", 510) { IsTight = true },
            new("lb_resets", MapFate.Anew, "its value size is 8 where 16 is needed", 0),
            new("lb_recent4", MapFate.Added, null, 0),
        ])
        {
            EndsExchange = true,
            NeedsTypes = true,
        }));

    [Fact]
    public void What_is_refused_is_said_with_what_mends_it_once()
    {
        StartForecast refused = new([s_kept, s_refused])
        {
            Problems = [new("One is not right.", "Mend it."), new("Another is not.", "Mend it.")],
        };

        Assert.Empty(ForecastText.Lines(refused));
        Assert.Equal(
            [
                "A start would be refused, and change nothing: One is not right.",
                "A start would be refused, and change nothing: Another is not.",
                "Mend it.",
            ],
            ForecastText.Refusals(refused));
        Assert.Empty(ForecastText.Refusals(new StartForecast([s_kept, s_carried])));
    }
}
