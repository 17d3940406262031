using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>What a node knows of its site.</summary>
/// <param name="Self">Which member it is; null while it is none.</param>
/// <param name="State">The members, as they were last read.</param>
/// <param name="Unreachable">Those that cannot be reached, and since when by the node's running time.</param>
/// <param name="Leader">Who acts for all: the oldest member that is reachable.</param>
/// <param name="IsStale">Whether the table has not been read for too long: members may have come and gone.</param>
/// <param name="Problem">What is wrong with the table, or with getting in.</param>
/// <param name="End">Why the node takes part no more and will not come back by itself; null while it does.</param>
public sealed record MembershipView(
    NodeId? Self, MembershipState State, ImmutableDictionary<NodeId, TimeSpan> Unreachable, NodeId? Leader,
    bool IsStale, string? Problem, string? End)
{
    /// <summary>Nothing is known yet.</summary>
    public static readonly MembershipView Unknown = new(
        null, MembershipState.Empty, ImmutableDictionary<NodeId, TimeSpan>.Empty, null, IsStale: true, null, null);

    /// <summary>The node's own row, if it has one.</summary>
    public ClusterMember? SelfMember => Self is null ? null : State.Find(Self);
}
