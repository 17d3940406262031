using Lb.Host.Metrics;

namespace Lb.Host.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Values_of_labels_and_help_are_escaped()
    {
        MetricFamily family = new(
            "lb_test_info", MetricKind.Gauge, "back\\slash \"quote\"\nline",
            [new("", [new("a", "back\\slash \"quote\"\nline é}"), new("b", "")], 1)]);

        string text = PrometheusText.Write([family]);

        Assert.Equal(
            """
            # HELP lb_test_info back\\slash "quote"\nline
            # TYPE lb_test_info gauge
            lb_test_info{a="back\\slash \"quote\"\nline é}",b=""} 1

            """,
            text);
        Promtool.AssertClean(text);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-3, "-3")]
    [InlineData(9007199254740991, "9007199254740991")]
    [InlineData(1e21, "1E+21")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Numbers_are_as_Prometheus_reads_them(double value, string expected)
    {
        string text = PrometheusText.Write([new("lb_test", MetricKind.Gauge, "A test.", [new("", [], value)])]);

        Assert.EndsWith($"\nlb_test {expected}\n", text);
        Promtool.AssertClean(text);
    }

    [Theory]
    [InlineData("lb.service.packets", "{packet}", "Counter", "lb_service_packets_total")]
    [InlineData("lb.service.bytes", "By", "Counter", "lb_service_bytes_total")]
    [InlineData("lb.kernel.write.duration", "s", "Histogram", "lb_kernel_write_duration_seconds")]
    [InlineData("lb.backend.share", "1", "Gauge", "lb_backend_share_ratio")]
    [InlineData("lb.up", null, "Gauge", "lb_up")]
    public void Name_follows_the_kind_and_the_unit(string name, string? unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(name, unit, Enum.Parse<MetricKind>(kind)));

    [Theory]
    [InlineData("gc.heap.generation", "gc_heap_generation")]
    [InlineData("9-lives", "_9_lives")]
    [InlineData("", "_")]
    public void Label_has_only_letters_digits_and_underscores(string key, string expected) =>
        Assert.Equal(expected, PrometheusName.Label(key));
}
