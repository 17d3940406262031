using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Metrics;

/// <summary>Who carried something.</summary>
/// <param name="Tags">Service, or service and backend.</param>
/// <param name="Traffic">What was carried.</param>
internal readonly record struct Carrier(KeyValuePair<string, object?>[] Tags, Traffic Traffic);

/// <summary>What services carried, and in the same way what backends did.</summary>
internal static class TrafficInstruments
{
    private static readonly KeyValuePair<string, object?> Forward = Tag.Of("direction", "forward");
    private static readonly KeyValuePair<string, object?> Reply = Tag.Of("direction", "reply");

    /// <summary>Adds the instruments of one kind of carrier.</summary>
    /// <param name="site">Makes the instruments.</param>
    /// <param name="what"><c>service</c> or <c>backend</c>.</param>
    /// <param name="carriers">Those of a snapshot.</param>
    public static void Add(SiteMeter site, string what, Func<ServicesSnapshot, IEnumerable<Carrier>> carriers)
    {
        Both("packets", "{packet}", "Packets to backends (forward) and from them (reply)", counter => counter.Packets);
        Both("bytes", "By", "Bytes to backends (forward) and from them (reply)", counter => counter.Bytes);
        One("dropped_packets", "{packet}", "Packets dropped", traffic => traffic.Dropped.Packets);
        One("dropped_bytes", "By", "Bytes dropped", traffic => traffic.Dropped.Bytes);
        One("new_flows", "{flow}", "TCP SYNs and SCTP INITs forwarded", traffic => traffic.NewFlows);
        One("flow_inserts", "{flow}", "Entries made in the flow table", traffic => traffic.Tracked);
        One(
            "flow_inserts_refused",
            "{flow}",
            "Entries not made in the flow table, as lb.kernel.insert-rate was spent",
            traffic => traffic.Untracked);

        void Both(string name, string unit, string description, Func<Counter, ulong> of) => site.Counter(
            $"lb.{what}.{name}",
            unit,
            $"{description}, by {what}.",
            snapshot => carriers(snapshot).SelectMany(carrier => (Measurement<long>[])
            [
                Tag.Count(of(carrier.Traffic.Forwarded), [.. carrier.Tags, Forward]),
                Tag.Count(of(carrier.Traffic.Replied), [.. carrier.Tags, Reply]),
            ]));

        void One(string name, string unit, string description, Func<Traffic, ulong> of) => site.Counter(
            $"lb.{what}.{name}",
            unit,
            $"{description}, by {what}.",
            snapshot => carriers(snapshot).Select(carrier => Tag.Count(of(carrier.Traffic), carrier.Tags)));
    }
}
