using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;

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
        AddSockmap(site, relays);
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

    private static void AddSockmap(
        SiteMeter site, Func<ServicesSnapshot, IEnumerable<(ServiceSnapshot Service, RelaySnapshot Relay)>> relays)
    {
        IEnumerable<Measurement<long>> Each(ServicesSnapshot snapshot, Func<RelaySockmapReport, long> value) =>
            from relay in relays(snapshot)
            let report = relay.Relay.Report.Sockmap
            where report is not null
            select new Measurement<long>(value(report), ServiceInstruments.Name(relay.Service));

        site.Gauge(
            "lb.relay.sockmap.connections",
            "{connection}",
            "Connections whose bytes the kernel moves now.",
            snapshot => Each(snapshot, report => report.Now));
        site.Counter(
            "lb.relay.sockmap.moved",
            "{connection}",
            "Connections that were given to the kernel.",
            snapshot => Each(snapshot, report => report.Moved));
        site.Counter(
            "lb.relay.sockmap.taken_back",
            "{connection}",
            "Those of them that went back to the loop, as one side took less than the other sent.",
            snapshot => Each(snapshot, report => report.TakenBack));
        site.Counter(
            "lb.relay.sockmap.bytes",
            "By",
            "Payload that the kernel has moved, both ways.",
            snapshot => Each(snapshot, report => report.Bytes));
        site.Counter(
            "lb.relay.sockmap.fallbacks",
            "{connection}",
            "Connections that stayed with the loop, by reason.",
            snapshot =>
                from relay in relays(snapshot)
                let report = relay.Relay.Report.Sockmap
                where report is not null
                from fallback in report.Fallbacks
                select new Measurement<long>(
                    fallback.Value,
                    ServiceInstruments.Name(relay.Service),
                    Tag.Of("reason", SockmapResource.WordOf(fallback.Key))));
    }

    private static IEnumerable<(BackendSnapshot Backend, KeyValuePair<string, object?>[] Tags)> Backends(
        ServicesSnapshot snapshot) => BackendInstruments.All(snapshot).Where(b => b.Backend.Relay is not null);
}
