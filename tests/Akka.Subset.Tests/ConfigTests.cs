using Akka.Configuration;
using Xunit;

namespace Akka.Subset.Tests;

public sealed class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString(
        """
        # a comment
        akka.actor { ask-timeout = 5s, throughput : 100 }
        akka.actor.debug = on // another
        sizes { small = 64KiB, large = 2 MB }
        list = [a, "b c", 3]
        quoted."a.b" = "x # y"
        text = two words
        ratio = 0.5
        escaped = "tab\tA"
        forever = infinite
        """);

    [Fact]
    public void Values_are_found_by_path()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Sample.GetTimeSpan("akka.actor.ask-timeout"));
        Assert.Equal(100, Sample.GetInt("akka.actor.throughput"));
        Assert.True(Sample.GetBoolean("akka.actor.debug"));
        Assert.Equal(65536, Sample.GetByteSize("sizes.small"));
        Assert.Equal(2_000_000, Sample.GetByteSize("sizes.large"));
        Assert.Equal(["a", "b c", "3"], Sample.GetStringList("list"));
        Assert.Equal("x # y", Sample.GetString("quoted.\"a.b\""));
        Assert.Equal("two words", Sample.GetString("text"));
        Assert.Equal(0.5, Sample.GetDouble("ratio"));
        Assert.Equal("tab\tA", Sample.GetString("escaped"));
        Assert.Equal(Timeout.InfiniteTimeSpan, Sample.GetTimeSpan("forever"));
        Assert.Equal(100, Sample.GetConfig("akka").GetConfig("actor").GetLong("throughput"));
    }

    [Fact]
    public void A_missing_key_gives_the_default()
    {
        Assert.Equal(0, Sample.GetInt("no.such.key"));
        Assert.Equal(7, Sample.GetInt("no.such.key", 7));
        Assert.Null(Sample.GetString("no"));
        Assert.False(Sample.GetBoolean("no"));
        Assert.Equal(TimeSpan.Zero, Sample.GetTimeSpan("no"));
        Assert.Null(Sample.GetByteSize("no"));
        Assert.Empty(Sample.GetStringList("no"));
        Assert.True(Sample.GetConfig("no").IsEmpty);
        Assert.False(Sample.HasPath("no"));
    }

    [Fact]
    public void A_fallback_fills_what_is_missing()
    {
        Config over = "a { x = 1, y = 2 }";

        var merged = over.WithFallback("a { y = 3, z = 4 }");

        Assert.Equal((1, 2, 4), (merged.GetInt("a.x"), merged.GetInt("a.y"), merged.GetInt("a.z")));
    }

    [Fact]
    public void Of_two_values_of_a_key_the_last_counts_and_objects_are_joined()
    {
        Config config = "a.x = 1\na { x = 2, y = 3 }\na.y = 4";

        Assert.Equal((2, 4), (config.GetInt("a.x"), config.GetInt("a.y")));
    }

    [Theory]
    [InlineData("a {")]
    [InlineData("a = [1, 2")]
    [InlineData("a = \"x")]
    [InlineData("a")]
    [InlineData("= 1")]
    [InlineData("a = 1 }")]
    public void Malformed_text_is_refused(string text) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(text));

    [Theory]
    [InlineData("x")]
    [InlineData("5 parsecs")]
    [InlineData("-1s")]
    public void An_impossible_duration_is_refused(string text) =>
        Assert.Throws<ConfigurationException>(
            () => ConfigurationFactory.ParseString($"a = {text}").GetTimeSpan("a"));
}
