using System.Diagnostics.Metrics;

namespace Lb.Host.Metrics;

/// <summary>The sum of what a counter was told.</summary>
internal sealed class SumAggregate(Instrument instrument, MetricKind kind) : Aggregate(instrument, kind)
{
    private readonly Lock _gate = new();
    private readonly SeriesList<Sum> _series = new(() => new Sum());

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            _series.Of(tags).Value += value;
        }
    }

    protected override IReadOnlyList<MetricSample> Samples()
    {
        lock (_gate)
        {
            return [.. _series.All.Select(series => new MetricSample("", Labels(series.Tags), series.State.Value))];
        }
    }

    private sealed class Sum
    {
        public double Value { get; set; }
    }
}
