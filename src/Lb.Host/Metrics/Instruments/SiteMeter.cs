using System.Diagnostics.Metrics;
using Lb.Actors;

namespace Lb.Host.Metrics;

/// <summary>Makes instruments that tell of the snapshot that is being collected.</summary>
internal sealed class SiteMeter(Meter meter, SiteObserver observer)
{
    public void Counter(
        string name, string unit, string description, Func<ServicesSnapshot, IEnumerable<Measurement<long>>> read) =>
        meter.CreateObservableCounter(name, () => Read(read), unit, description);

    public void Gauge<T>(
        string name, string? unit, string description, Func<ServicesSnapshot, IEnumerable<Measurement<T>>> read)
        where T : struct =>
        meter.CreateObservableGauge(name, () => Read(read), unit, description);

    private IEnumerable<Measurement<T>> Read<T>(Func<ServicesSnapshot, IEnumerable<Measurement<T>>> read)
        where T : struct =>
        observer.Shown is { } snapshot ? read(snapshot) : [];
}
