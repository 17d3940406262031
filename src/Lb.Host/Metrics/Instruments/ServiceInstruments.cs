using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Api;

namespace Lb.Host.Metrics;

/// <summary>Services: their tables and flows.</summary>
internal static class ServiceInstruments
{
    public static void Add(SiteMeter site)
    {
        TrafficInstruments.Add(
            site, "service", snapshot => snapshot.Services.Select(s => new Carrier([Name(s)], s.Traffic)));
        Each("lb.service.slots", "Slots of the table; 0 while there is no backend.", s => s.Slots);
        Each("lb.service.moved_slots", "Slots that still have older flows elsewhere.", s => s.MovedSlots);
        Each("lb.tracked_flows", "Flows in the flow table at the last sweep, by service.", s => s.TrackedFlows);
        Each("lb.service.generation", "Number of the table on this node.", s => s.Revision);
        Each(
            "lb.service.in_kernel",
            "Whether the kernel holds the newest table.",
            s => s.InKernel ? 1 : 0);
        Each(
            "lb.service.panic",
            "Whether it uses all its enabled backends whatever their checks say, as too few are up (panic-threshold).",
            s => s.Use == PoolUse.Panic ? 1 : 0);
        Each(
            "lb.service.on_backups",
            "Whether its last-resort backends take its new flows, as no other is up.",
            s => s.Use == PoolUse.Backups ? 1 : 0);
        site.Counter(
            "lb.service.drain_ended_flows",
            "{flow}",
            "Tracked flows ended as their backends had had their time to drain (drain.deadline).",
            snapshot => snapshot.Services.Select(s => new Measurement<long>(s.DrainEnded, Name(s))));
        site.Gauge("lb.service.info", null, "What a service is; digest is the same on nodes with the same table.", Infos);

        void Each(string name, string description, Func<ServiceSnapshot, long> of) => site.Gauge<long>(
            name, null, description, snapshot => snapshot.Services.Select(s => new Measurement<long>(of(s), Name(s))));
    }

    /// <summary>The tag that names a service.</summary>
    public static KeyValuePair<string, object?> Name(ServiceSnapshot service) => Tag.Of("service", service.Name);

    private static IEnumerable<Measurement<int>> Infos(ServicesSnapshot snapshot) =>
        snapshot.Services.Select(service => Tag.Flag(
            true,
            Name(service),
            Tag.Of("vip", service.Vip.AddressText),
            Tag.Of("protocol", Word.Of(service.Vip.Protocol)),
            Tag.Of("port", service.Vip.PortText),
            Tag.Of("mode", Word.OfMode(service.Mode)),
            Tag.Of("tracking", Word.Of(service.Tracking)),
            Tag.Of("digest", service.Digest)));
}
