using System.Diagnostics.Metrics;
using Lb.Actors;

namespace Lb.Host.Metrics;

/// <summary>What this node may use of limits that the nodes of a cluster share; nothing of a node that is alone.</summary>
internal static class LimitInstruments
{
    public static void Add(Meter meter, SliceBoard board)
    {
        Gauge(
            "lb.limit.connections", "Most connections of a relayed service, or to one of its backends, on all nodes of the cluster.",
            (limit, _) => limit.Limit);
        Gauge(
            "lb.limit.slice", "How many of them this node may have; all of them while it counts for itself.",
            (limit, own) => own.Slice ?? limit.Limit);
        Gauge("lb.limit.used", "How many of them this node has.", (_, own) => own.Used);

        void Gauge(string name, string description, Func<SlicedLimitSnapshot, SlicedNodeSnapshot, long> read) =>
            meter.CreateObservableGauge(name, () => Read(board, read), "{connection}", description);
    }

    private static IEnumerable<Measurement<long>> Read(
        SliceBoard board, Func<SlicedLimitSnapshot, SlicedNodeSnapshot, long> read)
    {
        foreach (SlicedServiceSnapshot service in board.Current?.Services ?? [])
        {
            foreach (SlicedLimitSnapshot limit in service.Limits)
            {
                yield return new Measurement<long>(
                    read(limit, limit.Nodes[0]),
                    Tag.Of("service", service.Name),
                    Tag.Of("backend", limit.Backend is { } backend ? $"{backend}" : "all"));
            }
        }
    }
}
