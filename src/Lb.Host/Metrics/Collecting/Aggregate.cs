using System.Diagnostics.Metrics;

namespace Lb.Host.Metrics;

/// <summary>Keeps what an instrument measures from one collection to the next.</summary>
internal abstract class Aggregate(Instrument instrument, MetricKind kind)
{
    public string Name { get; } = PrometheusName.Of(instrument.Name, instrument.Unit, kind);

    /// <summary>The one for an instrument; null for a kind that Prometheus' format has no place for.</summary>
    public static Aggregate? Of(Instrument instrument)
    {
        Type type = instrument.GetType();
        Type? kind = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return kind == typeof(ObservableCounter<>) ? new ObservedAggregate(instrument, MetricKind.Counter)
            : kind == typeof(ObservableGauge<>) || kind == typeof(ObservableUpDownCounter<>)
            ? new ObservedAggregate(instrument, MetricKind.Gauge)
            : kind == typeof(Counter<>) ? new SumAggregate(instrument, MetricKind.Counter)
            : kind == typeof(UpDownCounter<>) ? new SumAggregate(instrument, MetricKind.Gauge)
            : instrument is Histogram<double> histogram ? new HistogramAggregate(histogram)
            : null;
    }

    /// <summary>Takes a measurement, on whatever thread it is made.</summary>
    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Forgets what an earlier collection observed.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>What was measured.</summary>
    public MetricFamily Read() => new(Name, kind, instrument.Description ?? instrument.Name, Samples());

    /// <summary>The values that were measured.</summary>
    protected abstract IReadOnlyList<MetricSample> Samples();

    /// <summary>Labels of a sample.</summary>
    protected static KeyValuePair<string, string>[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            labels[i] = new(PrometheusName.Label(tags[i].Key), tags[i].Value?.ToString() ?? "");
        }

        return labels;
    }
}
