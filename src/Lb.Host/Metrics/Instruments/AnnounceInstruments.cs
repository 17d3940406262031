using System.Diagnostics.Metrics;
using Lb.Actors;

namespace Lb.Host.Metrics;

/// <summary>Which VIPs the node answers for; nothing where it announces nothing.</summary>
internal static class AnnounceInstruments
{
    public static void Add(Meter meter, AnnouncerBoard board)
    {
        Gauge(
            "lb.vip.held",
            "Whether this node answers for a VIP; over all nodes the sum is 1 with lb.announce.mode = arp.",
            shown => shown.Vips.Select(vip => Tag.Flag(vip.IsHere, Tag.Of("vip", $"{vip.Vip}"))));
        Gauge(
            "lb.vip.problem",
            "Whether a VIP is this node's to answer for and cannot be.",
            shown => shown.Vips.Select(vip => Tag.Flag(vip.Problem is not null, Tag.Of("vip", $"{vip.Vip}"))));
        Gauge(
            "lb.announce.able",
            "Whether this node takes VIPs: 0 while it drains or something is in the way.",
            shown => [Tag.Flag(shown is { IsDraining: false, Problem: null })]);
        Gauge(
            "lb.announce.neighbour.up",
            "Whether the BGP session with a router is established.",
            shown => shown.Neighbours.Select(neighbour => Tag.Flag(neighbour.IsUp, Tag.Of("neighbour", neighbour.Name))));
        meter.CreateObservableCounter(
            "lb.vip.takeovers",
            () => Read(board, shown => (Measurement<long>[])[new(shown.Takeovers)]),
            "{takeover}",
            "How many times this node began to answer for a VIP.");

        void Gauge(string name, string description, Func<AnnouncerSnapshot, IEnumerable<Measurement<int>>> read) =>
            meter.CreateObservableGauge(name, () => Read(board, read), null, description);
    }

    private static IEnumerable<Measurement<T>> Read<T>(
        AnnouncerBoard board, Func<AnnouncerSnapshot, IEnumerable<Measurement<T>>> read)
        where T : struct =>
        board.Current is { Mode: not AnnounceMode.None } shown ? read(shown) : [];
}
