using System.Diagnostics.Metrics;

namespace Lb.Host.Metrics;

/// <summary>What a histogram was told, by buckets that the instrument advises.</summary>
internal sealed class HistogramAggregate : Aggregate
{
    private readonly Lock _gate = new();
    private readonly double[] _bounds;
    private readonly SeriesList<Buckets> _series;

    public HistogramAggregate(Histogram<double> instrument)
        : base(instrument, MetricKind.Histogram)
    {
        _bounds = [.. instrument.Advice?.HistogramBucketBoundaries ?? [], double.PositiveInfinity];
        _series = new SeriesList<Buckets>(() => new Buckets(_bounds.Length));
    }

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int bucket = 0;
        while (value > _bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _series.Of(tags).Add(bucket, value);
        }
    }

    protected override IReadOnlyList<MetricSample> Samples()
    {
        List<MetricSample> samples = [];
        lock (_gate)
        {
            foreach ((KeyValuePair<string, object?>[] tags, Buckets buckets) in _series.All)
            {
                KeyValuePair<string, string>[] labels = Labels(tags);
                long count = 0;
                foreach ((int i, double bound) in _bounds.Index())
                {
                    count += buckets.Counts[i];
                    samples.Add(new("_bucket", [.. labels, new("le", PrometheusText.Number(bound))], count));
                }

                samples.Add(new("_sum", labels, buckets.Sum));
                samples.Add(new("_count", labels, count));
            }
        }

        return samples;
    }

    private sealed class Buckets(int count)
    {
        public long[] Counts { get; } = new long[count];

        public double Sum { get; private set; }

        public void Add(int bucket, double value)
        {
            Counts[bucket]++;
            Sum += value;
        }
    }
}
