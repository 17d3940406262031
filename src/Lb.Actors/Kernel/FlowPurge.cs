using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Finds the entries of services and backends that are gone, and the indexes that nothing names.</summary>
internal static class FlowPurge
{
    // A packet that was on its way when an index was released may still have made an entry.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Plans a purge.</summary>
    /// <param name="ledger">Indexes in use and resting.</param>
    /// <param name="flows">Every flow entry.</param>
    /// <param name="clients">Every client that keeps its backend.</param>
    /// <param name="now">Monotonic time in ticks.</param>
    /// <param name="stale">Flow entries to delete.</param>
    /// <param name="staleClients">Clients to forget.</param>
    /// <returns>The ledger with the indexes freed that had no entry.</returns>
    public static KernelLedger Plan(
        KernelLedger ledger,
        IReadOnlyList<FlowRecord> flows,
        IReadOnlyList<KeptClient> clients,
        long now,
        out ImmutableArray<Flow> stale,
        out ImmutableArray<KeptClient> staleClients)
    {
        bool any = flows.Count > 0 || clients.Count > 0;
        HashSet<uint> services = any ? [.. ledger.Ids.InUse.Values] : [];
        HashSet<uint> backends = any ? [.. ledger.Backends.InUse.Values] : [];
        HashSet<uint> namedServices = [];
        HashSet<uint> namedBackends = [];
        ImmutableArray<Flow>.Builder gone = ImmutableArray.CreateBuilder<Flow>();
        foreach (FlowRecord flow in flows)
        {
            if (IsGone(flow.Service, flow.Backend))
            {
                gone.Add(flow.Flow);
            }
        }

        stale = gone.ToImmutable();
        staleClients = [.. clients.Where(client => IsGone(client.Service, client.Backend))];
        return ledger with
        {
            Ids = Free(ledger.Ids, namedServices, now),
            Backends = Free(ledger.Backends, namedBackends, now),
        };

        bool IsGone(uint service, uint backend)
        {
            if (services.Contains(service) && backends.Contains(backend))
            {
                return false;
            }

            namedServices.Add(service);
            namedBackends.Add(backend);
            return true;
        }
    }

    private static IndexAllocator<TKey> Free<TKey>(IndexAllocator<TKey> allocator, HashSet<uint> named, long now)
        where TKey : notnull =>
        allocator.Resting
            .Where(resting => !named.Contains(resting.Key) && now - resting.Value >= Rest.Ticks)
            .Select(resting => resting.Key)
            .ToArray()
            .Aggregate(allocator, (free, index) => free.Free(index));
}
