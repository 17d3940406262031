using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Finds the flow entries of services and backends that are gone, and the indexes that nothing names.</summary>
internal static class FlowPurge
{
    // A packet that was on its way when an index was released may still have made an entry.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Plans a purge.</summary>
    /// <param name="ledger">Indexes in use and resting.</param>
    /// <param name="flows">Every flow entry.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    /// <param name="stale">Entries to delete.</param>
    /// <returns>The ledger with the indexes freed that had no entry.</returns>
    public static KernelLedger Plan(
        KernelLedger ledger, IReadOnlyList<FlowRecord> flows, long now, out ImmutableArray<Flow> stale)
    {
        HashSet<uint> services = [.. ledger.Ids.InUse.Values];
        HashSet<uint> backends = [.. ledger.Backends.InUse.Values];
        HashSet<uint> namedServices = [];
        HashSet<uint> namedBackends = [];
        ImmutableArray<Flow>.Builder gone = ImmutableArray.CreateBuilder<Flow>();
        foreach (FlowRecord flow in flows)
        {
            if (!services.Contains(flow.Service) || !backends.Contains(flow.Backend))
            {
                gone.Add(flow.Flow);
                namedServices.Add(flow.Service);
                namedBackends.Add(flow.Backend);
            }
        }

        stale = gone.ToImmutable();
        return ledger with
        {
            Ids = Free(ledger.Ids, namedServices, now),
            Backends = Free(ledger.Backends, namedBackends, now),
        };
    }

    private static IndexAllocator<TKey> Free<TKey>(IndexAllocator<TKey> allocator, HashSet<uint> named, long now)
        where TKey : notnull =>
        allocator.Resting
            .Where(resting => !named.Contains(resting.Key) && now - resting.Value >= Rest.Ticks)
            .Select(resting => resting.Key)
            .ToArray()
            .Aggregate(allocator, (free, index) => free.Free(index));
}
