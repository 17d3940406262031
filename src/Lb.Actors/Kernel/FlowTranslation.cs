using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Turns the kernel's backend indexes in flows into a service's own ids.</summary>
internal static class FlowTranslation
{
    /// <summary>Flows for people: services and backends in place of the kernel's numbers.</summary>
    public static FlowList ListOf(FlowSample sample, KernelLedger ledger)
    {
        Dictionary<uint, Endpoint> vips = ledger.Ids.InUse.ToDictionary(id => id.Value, id => id.Key);
        Dictionary<uint, BackendKey> backends = ledger.Backends.InUse.ToDictionary(id => id.Value, id => id.Key);
        return new FlowList(sample.All, sample.Matching, sample.Pending, [.. sample.Flows.Select(flow => new TrackedFlow(
            flow.Flow,
            vips.TryGetValue(flow.Service, out Endpoint vip) ? vip : null,
            backends.TryGetValue(flow.Backend, out BackendKey backend) ? backend.Socket : null,
            flow.Slot,
            flow.Idle,
            flow.Pending)
        {
            SentFrom = flow.SentFrom,
        })]);
    }

    /// <summary>The flows of a service for its owner.</summary>
    public static FlowsRead Of(LedgerService service, IEnumerable<FlowRecord> flows)
    {
        Dictionary<uint, uint> ids = service.Indexes.ToDictionary(index => index.Value, index => index.Key);
        FlowRecord[] translated =
            [.. flows.Select(flow => flow with { Backend = ids.GetValueOrDefault(flow.Backend) })];
        return new FlowsRead(service.Desired.Vip, service.Desired.Revision, translated);
    }
}
