using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Api;

namespace Lb.Host.Metrics;

/// <summary>How relayed connections end, limits that were reached, and backends that are passed over.</summary>
internal static class RelayPolicyInstruments
{
    public static void Add(
        SiteMeter site, Func<ServicesSnapshot, IEnumerable<(ServiceSnapshot Service, RelaySnapshot Relay)>> relays)
    {
        site.Counter(
            "lb.relay.ended",
            "{connection}",
            "Connections that ended, by reason.",
            snapshot =>
                from relay in relays(snapshot)
                from end in relay.Relay.Report.Ends
                select new Measurement<long>(
                    end.Value, ServiceInstruments.Name(relay.Service), Tag.Of("reason", RelayWord.Of(end.Key))));
        site.Counter(
            "lb.relay.held",
            "{time}",
            "How often connections had to wait because a limit was reached.",
            snapshot => relays(snapshot).Select(
                relay => new Measurement<long>(relay.Relay.Report.Held, ServiceInstruments.Name(relay.Service))));
        site.Gauge(
            "lb.relay.backend.ejected",
            null,
            "Whether the relay passes over it because of failures.",
            snapshot => Backends(snapshot).Select(b => Tag.Flag(b.Backend.Outlier is { Until: not null }, b.Tags)));
        site.Counter(
            "lb.relay.backend.ejections",
            "{ejection}",
            "How often the relay has ejected it.",
            snapshot => Backends(snapshot).Select(b => new Measurement<long>(b.Backend.Outlier?.Ejected ?? 0, b.Tags)));
    }

    private static IEnumerable<(BackendSnapshot Backend, KeyValuePair<string, object?>[] Tags)> Backends(
        ServicesSnapshot snapshot) => BackendInstruments.All(snapshot).Where(b => b.Backend.Relay is not null);
}
