using System.Diagnostics.Metrics;
using Akka.Hosting;
using Lb.Actors;
using Lb.Host.Metrics;
using Lb.Host.Running;

namespace Lb.Host.Tests.Metrics;

public sealed class MetricCollectorTests : IDisposable
{
    private static readonly KeyValuePair<string, object?> Good = new("result", "good");
    private static readonly KeyValuePair<string, object?> Bad = new("result", "bad");

    private readonly SiteObserver _observer = new(new SiteClient(new Unregistered()));
    private readonly NodeMeter _node;
    private readonly MetricCollector _collector;
    private readonly Meter _meter;

    public MetricCollectorTests()
    {
        _node = new NodeMeter(_observer, new NodeState(), new AnnouncerBoard(), new SharingBoard(), new SliceBoard());
        _collector = new MetricCollector(_node);
        _collector.StartAsync(default).GetAwaiter().GetResult();
        _meter = new Meter(new MeterOptions(ActorMeter.Name) { Scope = _node });
    }

    public void Dispose()
    {
        _meter.Dispose();
        _collector.Dispose();
        _node.Dispose();
        _observer.Dispose();
    }

    [Fact]
    public void Counter_sums_what_many_threads_count()
    {
        Counter<long> counter = _meter.CreateCounter<long>("lb.test.events");

        Parallel.For(0, 10_000, i => counter.Add(1, i % 2 == 0 ? Good : Bad));

        MetricFamily family = Family("lb_test_events_total");
        Assert.Equal(MetricKind.Counter, family.Kind);
        Assert.Equal([5000.0, 5000.0], family.Samples.Select(sample => sample.Value));
        Assert.Equal(["bad", "good"], family.Samples.Select(sample => sample.Labels[0].Value).Order());
    }

    [Fact]
    public void Histogram_counts_into_cumulative_buckets()
    {
        Histogram<double> histogram = _meter.CreateHistogram(
            "lb.test.duration", "s", "A test.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double value in (double[])[0.1, 0.5, 1.5, 1])
        {
            histogram.Record(value);
        }

        MetricFamily family = Family("lb_test_duration_seconds");

        Assert.Equal(
            """
            # HELP lb_test_duration_seconds A test.
            # TYPE lb_test_duration_seconds histogram
            lb_test_duration_seconds_bucket{le="0.1"} 1
            lb_test_duration_seconds_bucket{le="1"} 3
            lb_test_duration_seconds_bucket{le="+Inf"} 4
            lb_test_duration_seconds_sum 3.1
            lb_test_duration_seconds_count 4

            """,
            PrometheusText.Write([family]));
    }

    [Fact]
    public void Measurement_allocates_nothing_once_its_series_is_there()
    {
        Counter<long> counter = _meter.CreateCounter<long>("lb.test.hot");
        Histogram<double> histogram = _meter.CreateHistogram<double>("lb.test.hot.duration", "s");
        Measure();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Measure();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure()
        {
            counter.Add(1, Good);
            histogram.Record(0.5);
        }
    }

    [Fact]
    public void Instruments_of_another_node_in_the_process_are_not_heard()
    {
        using Meter other = new(new MeterOptions(ActorMeter.Name) { Scope = new object() });
        other.CreateCounter<long>("lb.test.foreign").Add(1);

        Assert.DoesNotContain(_collector.Collect(), family => family.Name == "lb_test_foreign_total");
    }

    private MetricFamily Family(string name) => Assert.Single(_collector.Collect(), family => family.Name == name);

    private sealed class Unregistered : IRequiredActor<SiteActor>
    {
        public Akka.Actor.IActorRef ActorRef => Akka.Actor.ActorRefs.Nobody;

        public Task<Akka.Actor.IActorRef> GetAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult(ActorRef);
    }
}
