namespace Lb.Host.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>The samples of one metric, ready to be written.</summary>
/// <param name="Name">Name by Prometheus' conventions.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Help">What it tells.</param>
/// <param name="Samples">Its values.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help, IReadOnlyList<MetricSample> Samples);

/// <summary>A value.</summary>
/// <param name="Suffix">What a histogram's parts have behind the name, as <c>_bucket</c>.</param>
/// <param name="Labels">Names and values of its labels, as they are.</param>
/// <param name="Value">The value.</param>
internal readonly record struct MetricSample(
    string Suffix, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value);
