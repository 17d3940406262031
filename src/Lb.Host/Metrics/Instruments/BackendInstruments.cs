using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Lb.Actors;
using Lb.Host.Api;

namespace Lb.Host.Metrics;

/// <summary>Backends: state, share and flows.</summary>
internal static class BackendInstruments
{
    private static readonly BackendState[] States = Enum.GetValues<BackendState>();

    public static void Add(SiteMeter site)
    {
        TrafficInstruments.Add(
            site, "backend", snapshot => All(snapshot).Select(b => new Carrier(b.Tags, b.Backend.Traffic)));
        Each<int>("lb.backend.up", null, "Whether it takes new flows.", b => b.State == BackendState.Up ? 1 : 0);
        site.Gauge("lb.backend.state", null, "1 for the state that it is in, 0 for the others.", InStates);
        Each<int>("lb.backend.weight", null, "Configured weight.", b => b.Weight);
        Each<double>(
            "lb.backend.slow_start", "1", "Share of its weight that it has, 0 to 1: below 1 while it comes up slowly.", b => b.Ramp ?? 1);
        Each<int>("lb.backend.slots", null, "Slots that send it new flows.", b => b.Slots);
        Each<double>("lb.backend.share", "1", "Those slots as a share of the table, 0 to 1.", b => b.Share);
        Each<int>("lb.backend.previous_slots", null, "Moved slots that still send it older flows.", b => b.PreviousSlots);
        Each<int>("lb.backend.tracked_flows", null, "Its flows in the flow table at the last sweep.", b => b.TrackedFlows);
        Ports(
            "lb.backend.full_nat_ports", "{port}", "Ports of full-nat in use towards it on this node at the last sweep.", p => p.Used);
        Ports("lb.backend.full_nat_ports_limit", "{port}", "Ports of full-nat that this node has towards it.", p => p.Room);
        site.Gauge("lb.backend.info", null, "Where a backend is.", Infos);

        void Ports(string name, string unit, string description, Func<FullNatPorts, int> of) => site.Gauge(
            name,
            unit,
            description,
            snapshot => All(snapshot).Where(b => b.Backend.Ports is not null).Select(
                b => new Measurement<int>(of(b.Backend.Ports!), b.Tags)));

        void Each<T>(string name, string? unit, string description, Func<BackendSnapshot, T> of)
            where T : struct => site.Gauge(
            name, unit, description, snapshot => All(snapshot).Select(b => new Measurement<T>(of(b.Backend), b.Tags)));
    }

    /// <summary>Every backend with tags that are its alone.</summary>
    /// <remarks>
    /// One that has left the config may have a name that is used again, at another address: it gets its address
    /// behind its name.
    /// </remarks>
    public static IEnumerable<(BackendSnapshot Backend, KeyValuePair<string, object?>[] Tags)> All(
        ServicesSnapshot snapshot)
    {
        foreach (ServiceSnapshot service in snapshot.Services)
        {
            HashSet<string> names = new(StringComparer.Ordinal);
            // Leftovers are last.
            foreach (BackendSnapshot backend in service.Backends)
            {
                string name = names.Add(backend.Name)
                    ? backend.Name
                    : $"{backend.Name}@{new IPEndPoint(backend.Address, backend.Port)}";
                yield return (backend, [ServiceInstruments.Name(service), Tag.Of("backend", name)]);
            }
        }
    }

    private static IEnumerable<Measurement<int>> InStates(ServicesSnapshot snapshot) =>
        from b in All(snapshot)
        from state in States
        select Tag.Flag(b.Backend.State == state, [.. b.Tags, Tag.Of("state", Word.Of(state))]);

    private static IEnumerable<Measurement<int>> Infos(ServicesSnapshot snapshot) =>
        All(snapshot).Select(b => Tag.Flag(
            true,
            [
                .. b.Tags,
                Tag.Of("address", b.Backend.Address.ToString()),
                Tag.Of("port", b.Backend.Port.ToString(CultureInfo.InvariantCulture)),
            ]));
}
