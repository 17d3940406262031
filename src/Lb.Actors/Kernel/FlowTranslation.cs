using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Turns the kernel's backend indexes in flows into a service's own ids.</summary>
internal static class FlowTranslation
{
    /// <summary>The flows of a service for its owner.</summary>
    public static FlowsRead Of(LedgerService service, IEnumerable<FlowRecord> flows)
    {
        Dictionary<uint, uint> ids = service.Indexes.ToDictionary(index => index.Value, index => index.Key);
        FlowRecord[] translated =
            [.. flows.Select(flow => flow with { Backend = ids.GetValueOrDefault(flow.Backend) })];
        return new FlowsRead(service.Desired.Vip, service.Desired.Revision, translated);
    }
}
