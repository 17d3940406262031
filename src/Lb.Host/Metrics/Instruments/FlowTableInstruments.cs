using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;

namespace Lb.Host.Metrics;

/// <summary>The room for tracked flows, as it was at the last self-check.</summary>
internal static class FlowTableInstruments
{
    public static void Add(SiteMeter site)
    {
        site.Gauge(
            "lb.flow_table.entries",
            "{flow}",
            "Entries of a table of tracked flows (established, pending), or of clients that keep their backend, at the last self-check.",
            snapshot => Of(snapshot, use => use.Entries));
        site.Gauge(
            "lb.flow_table.limit",
            "{flow}",
            "Entries that a table of tracked flows or clients has room for.",
            snapshot => Of(snapshot, use => use.Room));
        site.Counter(
            "lb.flow_table.evicted",
            "{flow}",
            "Flows, or clients, that the kernel gave up to make room for others, counted at each self-check.",
            snapshot => Of(snapshot, use => use.Evicted));
    }

    private static IEnumerable<Measurement<long>> Of(ServicesSnapshot snapshot, Func<FlowTableUse, long> value) =>
        snapshot.Kernel.FlowTables.Select(table => new Measurement<long>(
            value(table.Use),
            Tag.Of("table", FlowTableWords.Name(table.Use)),
            Tag.Of("family", FlowTableWords.Family(table.Use))));
}
