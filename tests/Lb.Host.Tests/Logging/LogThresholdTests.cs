using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Logging;

public sealed class LogThresholdTests
{
    private readonly LogThreshold _threshold = new(LogLevel.Information);

    [Theory]
    [InlineData("Lb.Actors.SiteActor", LogLevel.Information, true)]
    [InlineData("Lb.Actors.SiteActor", LogLevel.Debug, false)]
    [InlineData("Microsoft.AspNetCore.Hosting", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Hosting", LogLevel.Warning, true)]
    [InlineData(null, LogLevel.Information, true)]
    public void One_level_holds_for_all_and_others_programs_are_quieter(string? category, LogLevel level, bool allowed) =>
        Assert.Equal(allowed, _threshold.Allows(category, level));

    [Fact]
    public void A_category_with_a_level_of_its_own_gives_it_to_what_is_below_it_and_the_longest_name_counts()
    {
        _threshold.Set("Lb.Actors", LogLevel.Debug);
        _threshold.Set("Lb.Actors.FlowsActor", LogLevel.Error);
        _threshold.Set("Microsoft.AspNetCore", LogLevel.Debug);
        Assert.True(_threshold.Allows("Lb.Actors.SiteActor", LogLevel.Debug));
        Assert.False(_threshold.Allows("Lb.Actors.FlowsActor", LogLevel.Warning));
        Assert.False(_threshold.Allows("Lb.ActorsOther", LogLevel.Debug));
        Assert.True(_threshold.Allows("Microsoft.AspNetCore.Hosting", LogLevel.Debug));

        _threshold.Set("Lb.Actors.FlowsActor", null);
        Assert.True(_threshold.Allows("Lb.Actors.FlowsActor", LogLevel.Debug));
        _threshold.Reset(LogLevel.Warning);
        Assert.False(_threshold.Allows("Lb.Actors.SiteActor", LogLevel.Information));
        Assert.Empty(_threshold.Categories);
    }
}
