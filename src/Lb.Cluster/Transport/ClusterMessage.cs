using Lb.Cluster.Membership;

namespace Lb.Cluster.Transport;

/// <summary>What nodes tell each other about who reaches whom, and what they carry for other parts of the node.</summary>
/// <param name="From">Who says it; incarnation 0 is one that has not joined.</param>
public abstract record ClusterMessage(NodeId From)
{
    /// <summary>Wants to be answered.</summary>
    /// <param name="From">Who asks.</param>
    /// <param name="Revision">The revision of the table that it knows.</param>
    /// <param name="Digest">The digest of the observations that it knows.</param>
    public sealed record Heartbeat(NodeId From, long Revision, ulong Digest) : ClusterMessage(From);

    /// <summary>Answers <see cref="Heartbeat"/>.</summary>
    /// <param name="From">Who answers.</param>
    /// <param name="Revision">The revision of the table that it knows.</param>
    /// <param name="Digest">The digest of the observations that it knows.</param>
    public sealed record Answer(NodeId From, long Revision, ulong Digest) : ClusterMessage(From);

    /// <summary>Observations that the receiver may not know.</summary>
    /// <param name="From">Who tells them.</param>
    /// <param name="Rows">The observations.</param>
    public sealed record Observations(NodeId From, IReadOnlyList<Observation> Rows) : ClusterMessage(From);

    /// <summary>What a part of a node tells the same part of another one; membership only carries it.</summary>
    /// <param name="From">Whose part it is.</param>
    /// <param name="Part">Which part.</param>
    /// <param name="Payload">Its own bytes, at most <see cref="ClusterMessageCodec.LongestPayload"/>.</param>
    public sealed record Subsystem(NodeId From, ClusterSubsystem Part, ReadOnlyMemory<byte> Payload)
        : ClusterMessage(From);
}
