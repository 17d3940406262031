using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The counters, summed over the CPUs.</summary>
internal sealed class CounterMaps(
    PerCpuArray<TrafficValue> services,
    PerCpuArray<TrafficValue> backends,
    PerCpuArray<CounterValue> verdicts) : IDisposable
{
    public int ServiceCapacity => services.Capacity;

    public Traffic ReadService(uint service) => Sum(services.Read(service));

    public Traffic ReadBackend(uint backend) => Sum(backends.Read(backend));

    public Traffic[] ReadServicesBelow(uint service) => services.ReadBelow(service, Sum);

    public Traffic[] ReadBackendsBelow(uint backend) => backends.ReadBelow(backend, Sum);

    public void ResetService(uint service) => services.Clear(service);

    public void ResetBackend(uint backend) => backends.Clear(backend);

    public Dictionary<Verdict, Counter> ReadVerdicts() => Enum.GetValues<Verdict>().ToDictionary(
        verdict => verdict,
        verdict => verdicts.Read((uint)verdict).Aggregate(default(Counter), (sum, part) => sum + part));

    public void Dispose()
    {
        services.Dispose();
        backends.Dispose();
        verdicts.Dispose();
    }

    private static Traffic Sum(TrafficValue[] parts) =>
        parts.Aggregate(default(Traffic), (sum, part) => sum + part);
}
