using System.Diagnostics.Metrics;
using Lb.Actors;

namespace Lb.Host.Metrics;

/// <summary>What nodes of a cluster tell each other of flows; nothing of a node that is alone.</summary>
internal static class SharingInstruments
{
    public static void Add(Meter meter, SharingBoard board)
    {
        Gauge(
            "lb.flows.shared.lag", "s", "Age of the oldest flow entry of this node that another one has not confirmed, by node.",
            peer => peer.Lag.TotalSeconds);
        Gauge(
            "lb.flows.shared.behind", "{entry}", "Flow entries of this node that another one has not confirmed, by node.",
            peer => peer.Behind);
        Counter(
            "lb.flows.shared.sent", "{entry}", "Flow entries that this node told the others of.",
            shown => [new Measurement<long>(shown.Entries)]);
        Counter(
            "lb.flows.shared.received", "{entry}", "Flow entries that another node told of, by node.",
            shown => shown.Peers.Select(peer => new Measurement<long>(peer.Heard, Tag.Of("node", peer.Node))));
        Counter(
            "lb.flows.shared.resent", "{message}", "Messages sent once more, to a node that had lost them.",
            shown => [new Measurement<long>(shown.SentAgain)]);
        Counter(
            "lb.flows.shared.resyncs", "{time}", "How many times another node had to be asked for all that it knows, but for the first, by node.",
            shown => shown.Peers.Select(peer => new Measurement<long>(peer.Resyncs, Tag.Of("node", peer.Node))));
        Counter(
            "lb.flows.shared.lost", "{entry}", "Flow entries that found no room in the kernel's buffer for other nodes.",
            shown => [new Measurement<long>(shown.Lost)]);
        meter.CreateObservableGauge(
            "lb.flows.shared.untold",
            () => board.Current is { } shown ? [new Measurement<int>(shown.Untold)] : (Measurement<int>[])[],
            "{service}",
            "Services of which this node has yet to tell the others which slots have moved.");
        meter.CreateObservableGauge(
            "lb.flows.shared.whole",
            () => board.Current is { } shown ? [Tag.Flag(shown.Lacks is null)] : (Measurement<int>[])[],
            null,
            "Whether this node has all that the others know of flows.");

        void Gauge(string name, string unit, string description, Func<SharedPeerSnapshot, double> read) =>
            meter.CreateObservableGauge(
                name,
                () => board.Current is { } shown
                    ? shown.Peers.Select(peer => new Measurement<double>(read(peer), Tag.Of("node", peer.Node)))
                    : [],
                unit,
                description);

        void Counter(string name, string unit, string description, Func<SharingSnapshot, IEnumerable<Measurement<long>>> read) =>
            meter.CreateObservableCounter(name, () => board.Current is { } shown ? read(shown) : [], unit, description);
    }
}
