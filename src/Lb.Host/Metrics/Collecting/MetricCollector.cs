using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Lb.Host.Metrics;

/// <summary>
/// Listens to the instruments of a node, from before its actors start, and reads all of them when asked.
/// </summary>
internal sealed class MetricCollector : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Aggregate> _aggregates = new();

    public MetricCollector(NodeMeter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meter.Has(instrument) && IsTold(instrument) && Aggregate.Of(instrument) is { } aggregate)
            {
                _aggregates.Enqueue(aggregate);
                listener.EnableMeasurementEvents(instrument, aggregate);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((Aggregate)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((Aggregate)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((Aggregate)state!).Record(value, tags));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    /// <summary>It listens until it is disposed of: a node that ends is still worth a look.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads every instrument, in the order of their names; those that tell nothing are left out.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_gate)
        {
            foreach (Aggregate aggregate in _aggregates)
            {
                aggregate.Begin();
            }

            _listener.RecordObservableInstruments();
            return
            [
                .. _aggregates
                    .Select(aggregate => aggregate.Read())
                    .Where(family => family.Samples.Count > 0)
                    .OrderBy(family => family.Name, StringComparer.Ordinal),
            ];
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>
    /// What .NET names <c>….count</c> would look like a part of a histogram to Prometheus, the length of the thread
    /// pool's queue comes as a counter, which it is not, and CPU and memory are told under the names that
    /// Prometheus' own libraries use.
    /// </summary>
    private static bool IsTold(Instrument instrument) =>
        instrument.Meter.Name != NodeMeter.Runtime
        || !(instrument.Name.EndsWith(".count", StringComparison.Ordinal)
            || instrument.Name == "dotnet.thread_pool.queue.length"
            || instrument.Name.StartsWith("dotnet.process.", StringComparison.Ordinal));
}
