using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Reads the kernel's counters.</summary>
internal static class KernelReading
{
    /// <summary>Reads the counters of everything in the ledger; only the verdicts while there is none.</summary>
    /// <remarks>Nobody changes the dictionaries: immutable ones take far longer to make, of a hundred thousand backends seconds.</remarks>
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
        ByKey(ledger?.Ids.InUse, datapath.ReadServiceTrafficBelow),
        ByKey(ledger?.Backends.InUse, datapath.ReadBackendTrafficBelow));

    private static Dictionary<TKey, Traffic> ByKey<TKey>(
        IReadOnlyDictionary<TKey, uint>? indexes, Func<uint, IReadOnlyList<Traffic>> read)
        where TKey : notnull
    {
        if (indexes is not { Count: > 0 })
        {
            return [];
        }

        Dictionary<TKey, Traffic> byKey = new(indexes.Count);
        IReadOnlyList<Traffic> traffic = read(indexes.Values.Max() + 1);
        foreach ((TKey key, uint index) in indexes)
        {
            byKey.Add(key, traffic[(int)index]);
        }

        return byKey;
    }

    /// <summary>What can be said when the kernel does not answer.</summary>
    public static KernelCounters Without(KernelHealth health, string? problem, int drifts) => new(
        new KernelSnapshot(health, problem, drifts, [], ImmutableSortedDictionary<Verdict, Counter>.Empty),
        new Dictionary<Endpoint, Traffic>(),
        new Dictionary<BackendKey, Traffic>());
}
