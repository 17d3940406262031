using System.Diagnostics.Metrics;

namespace Lb.Host.Metrics;

/// <summary>What an observable instrument tells when it is asked.</summary>
internal sealed class ObservedAggregate(Instrument instrument, MetricKind kind) : Aggregate(instrument, kind)
{
    // Written and read by collections alone, of which there is one at a time.
    private List<MetricSample> _samples = [];

    public override void Begin() => _samples = [];

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _samples.Add(new MetricSample("", Labels(tags), value));

    protected override IReadOnlyList<MetricSample> Samples() => _samples;
}
