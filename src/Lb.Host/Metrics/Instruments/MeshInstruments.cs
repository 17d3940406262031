using System.Diagnostics.Metrics;
using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Host.Api;
using Lb.Host.Running;

namespace Lb.Host.Metrics;

/// <summary>What nodes of a cluster tell each other by TLS; a node without certificates has none of it.</summary>
internal static class MeshInstruments
{
    private static readonly (MeshCount Count, string Reason)[] Dropped =
    [
        (MeshCount.DroppedQueueFull, "queue"),
        (MeshCount.DroppedNoConnection, "unconnected"),
        (MeshCount.DroppedTooLong, "length"),
        (MeshCount.DroppedTooNew, "version"),
        (MeshCount.SkippedUnknown, "unknown"),
        (MeshCount.SkippedDamaged, "damaged"),
        (MeshCount.SkippedFalseSender, "sender"),
        (MeshCount.FramesTooLong, "frame"),
        (MeshCount.ClearText, "clear"),
    ];

    public static void Add(Meter meter, NodeState state)
    {
        Counter(
            "lb.cluster.messages", "{message}", "Messages between nodes, by direction: sent or received.",
            mesh => Both(mesh, MeshCount.SentMessages, MeshCount.ReceivedMessages));
        Counter(
            "lb.cluster.bytes", "By", "Bytes of messages between nodes with their frames, by direction.",
            mesh => Both(mesh, MeshCount.SentBytes, MeshCount.ReceivedBytes));
        Counter(
            "lb.cluster.dropped", "{message}",
            "Messages dropped, by reason. Of this node's: queue (newer ones needed their place), unconnected, length, version (the "
            + "peer is older). Of others: unknown (a kind of a newer release), damaged, sender (in another's name), frame (too "
            + "long, with its stream), clear (no TLS).",
            mesh => Dropped.Select(drop => Of(mesh, drop.Count, "reason", drop.Reason)));
        Counter(
            "lb.cluster.connections", "{connection}", "Connections to other nodes that came about, by result; failure: that did not.",
            mesh =>
            [
                Of(mesh, MeshCount.Connections, "result", "success"),
                Of(mesh, MeshCount.ConnectFailures, "result", "failure"),
            ]);
        Counter(
            "lb.cluster.refused", "{connection}", "Connections refused to or by this node, by what is wrong with the peer.",
            mesh => Enum.GetValues<RefusalReason>()
                .Select(reason => new Measurement<long>(mesh.Counters[reason], Tag.Of("reason", Word.Of(reason))))
                .Append(Of(mesh, MeshCount.Incompatible, "reason", "version")));
        meter.CreateObservableGauge(
            "lb.cluster.certificate.expiry",
            () => state.Mesh is { } mesh
                ? [new Measurement<long>(mesh.Credentials.Current.Until.ToUnixTimeSeconds())]
                : (Measurement<long>[])[],
            "s",
            "When the node's certificate ends, in seconds since 1970.");

        void Counter(string name, string unit, string description, Func<MeshTransport, IEnumerable<Measurement<long>>> read) =>
            meter.CreateObservableCounter(
                name, () => state.Mesh is { } mesh ? read(mesh) : [], unit, description);
    }

    private static Measurement<long>[] Both(MeshTransport mesh, MeshCount sent, MeshCount received) =>
        [Of(mesh, sent, "direction", "sent"), Of(mesh, received, "direction", "received")];

    private static Measurement<long> Of(MeshTransport mesh, MeshCount count, string tag, string value) =>
        new(mesh.Counters[count], Tag.Of(tag, value));
}
