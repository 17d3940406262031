using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Reads the kernel's counters.</summary>
internal static class KernelReading
{
    /// <summary>Reads the counters of everything in the ledger; only the verdicts while there is none.</summary>
    public static KernelCounters Of(
        IDatapath datapath, KernelLedger? ledger, KernelHealth health, string? problem, int drifts) => new(
        new KernelSnapshot(
            health,
            problem,
            drifts,
            [.. datapath.Attachments],
            datapath.ReadVerdicts().ToImmutableSortedDictionary())
        {
            FlowLog = datapath.ReadLogCounts(),
            WhyNotXdp = datapath.WhyNotXdp,
        },
        (ledger?.Ids.InUse ?? ImmutableDictionary<Endpoint, uint>.Empty).ToImmutableDictionary(
            service => service.Key, service => datapath.ReadServiceTraffic(service.Value)),
        (ledger?.Backends.InUse ?? ImmutableDictionary<BackendKey, uint>.Empty).ToImmutableDictionary(
            backend => backend.Key, backend => datapath.ReadBackendTraffic(backend.Value)));

    /// <summary>What can be said when the kernel does not answer.</summary>
    public static KernelCounters Without(KernelHealth health, string? problem, int drifts) => new(
        new KernelSnapshot(health, problem, drifts, [], ImmutableSortedDictionary<Verdict, Counter>.Empty),
        ImmutableDictionary<Endpoint, Traffic>.Empty,
        ImmutableDictionary<BackendKey, Traffic>.Empty);
}
