using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Kernel;

namespace Lb.Host.Metrics;

/// <summary>Relays: what they carried for services, and for each of their backends. Services without one have none.</summary>
internal static class RelayInstruments
{
    private static readonly KeyValuePair<string, object?> ToBackend = Tag.Of("direction", "forward");
    private static readonly KeyValuePair<string, object?> ToClient = Tag.Of("direction", "reply");

    public static void Add(SiteMeter site)
    {
        Carried(site, "lb.relay", "by service", snapshot => Services(snapshot)
            .Select(s => (Tags: Name(s.Service), s.Relay.Report.Total)));
        Carried(site, "lb.relay.backend", "by backend", snapshot => BackendInstruments.All(snapshot)
            .Where(b => b.Backend.Relay is not null)
            .Select(b => (b.Tags, b.Backend.Relay!.Value)));
        site.Counter(
            "lb.relay.refused",
            "{connection}",
            "Connections reset because no backend could be reached.",
            snapshot => Services(snapshot).Select(s => new Measurement<long>(s.Relay.Report.Refused, Name(s.Service))));
        site.Counter(
            "lb.relay.idle",
            "{connection}",
            "Connections reset because they were idle for too long.",
            snapshot => Services(snapshot).Select(s => new Measurement<long>(s.Relay.Report.Idle, Name(s.Service))));
        RelayPolicyInstruments.Add(site, Services);
        site.Counter(
            "lb.relay.rejected",
            "{connection}",
            "Connections ended before a backend was chosen, by reason.",
            snapshot => Services(snapshot).SelectMany(s => Enum.GetValues<RelayRejection>().Select(reason =>
                new Measurement<long>(
                    s.Relay.Report.Rejected.GetValueOrDefault(reason),
                    [.. Name(s.Service), Tag.Of("reason", Word.Of(reason))]))));
        site.Counter(
            "lb.relay.datagrams",
            "{datagram}",
            "Datagrams to backends (forward) and from them (reply), of UDP services.",
            snapshot => Datagrams(snapshot).SelectMany(s => (Measurement<long>[])
            [
                new(s.Counts.ToBackend, [.. s.Tags, ToBackend]), new(s.Counts.ToClient, [.. s.Tags, ToClient]),
            ]));
        site.Counter(
            "lb.relay.datagrams_dropped",
            "{datagram}",
            "Datagrams dropped, of UDP services: full, above relay.connections; lost, a buffer was full.",
            snapshot => Datagrams(snapshot).SelectMany(s => (Measurement<long>[])
            [
                new(s.Counts.Full, [.. s.Tags, Tag.Of("reason", "full")]),
                new(s.Counts.Lost, [.. s.Tags, Tag.Of("reason", "lost")]),
            ]));
        site.Gauge(
            "lb.relay.up",
            null,
            "Whether it accepts connections.",
            snapshot => Services(snapshot).Select(s => Tag.Flag(s.Relay.Problem is null, Name(s.Service))));
    }

    private static void Carried(
        SiteMeter site,
        string prefix,
        string by,
        Func<ServicesSnapshot, IEnumerable<(KeyValuePair<string, object?>[] Tags, RelayCounts Counts)>> relays)
    {
        One("connections", "{connection}", "Connections that reached a backend", counts => counts.Connections);
        One("connect_failures", "{attempt}", "Attempts to connect to a backend that failed", counts => counts.ConnectFailures);
        site.Counter($"{prefix}.bytes", "By", $"Payload to backends (forward) and from them (reply), {by}.", snapshot =>
            relays(snapshot).SelectMany(relay => (Measurement<long>[])
            [
                new(relay.Counts.BytesToBackend, [.. relay.Tags, ToBackend]),
                new(relay.Counts.BytesToClient, [.. relay.Tags, ToClient]),
            ]));
        site.Gauge($"{prefix}.open", "{connection}", $"Connections that are open, {by}.", snapshot =>
            relays(snapshot).Select(relay => new Measurement<long>(relay.Counts.Open, relay.Tags)));

        void One(string name, string unit, string description, Func<RelayCounts, long> of) => site.Counter(
            $"{prefix}.{name}",
            unit,
            $"{description}, {by}.",
            snapshot => relays(snapshot).Select(relay => new Measurement<long>(of(relay.Counts), relay.Tags)));
    }

    private static KeyValuePair<string, object?>[] Name(ServiceSnapshot service) => [ServiceInstruments.Name(service)];

    private static IEnumerable<(KeyValuePair<string, object?>[] Tags, DatagramCounts Counts)> Datagrams(
        ServicesSnapshot snapshot) => Services(snapshot)
            .Where(service => service.Relay.Report.Datagrams is not null)
            .Select(service => (Name(service.Service), service.Relay.Report.Datagrams!));

    private static IEnumerable<(ServiceSnapshot Service, RelaySnapshot Relay)> Services(ServicesSnapshot snapshot) =>
        snapshot.Services.Where(service => service.Relay is not null).Select(service => (service, service.Relay!));
}
