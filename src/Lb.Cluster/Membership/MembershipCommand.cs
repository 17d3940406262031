using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>What a node wants changed in the table.</summary>
public abstract record MembershipCommand
{
    /// <summary>A node wants in. Whatever is left of its earlier lives goes.</summary>
    public sealed record Join(string Address, string Roles, string AppVersion) : MembershipCommand;

    /// <summary>The leader lets nodes in that are joining.</summary>
    public sealed record MoveUp(ImmutableList<NodeId> Nodes) : MembershipCommand;

    /// <summary>A node is to leave.</summary>
    public sealed record Leave(NodeId Node) : MembershipCommand;

    /// <summary>The leader tells nodes that are leaving to hand over.</summary>
    public sealed record Exit(ImmutableList<NodeId> Nodes) : MembershipCommand;

    /// <summary>Nodes that are down, or have handed over, go.</summary>
    public sealed record Remove(ImmutableList<NodeId> Nodes) : MembershipCommand;

    /// <summary>
    /// The leader gives up nodes that nobody reaches. Those whom the database has heard of lately are alive and only cut
    /// off from this side, so the smaller side is given up: when they are more than <paramref name="Reachable"/>, or as
    /// many and the oldest member is among them, nothing is changed.
    /// </summary>
    public sealed record GiveUp(ImmutableList<NodeId> Nodes, ImmutableList<NodeId> Reachable) : MembershipCommand;

    /// <summary>A person gives up a node.</summary>
    public sealed record Down(NodeId Node) : MembershipCommand;

    /// <summary>The table has forgotten what the asker has seen of it: it must not show a lower revision.</summary>
    public sealed record Touch : MembershipCommand;
}

/// <summary>What came of a command.</summary>
/// <param name="State">The table behind it.</param>
/// <param name="Changed">Whether the command changed it.</param>
/// <param name="Refusal">Why it was refused, if it was.</param>
public sealed record MembershipDecision(MembershipState State, bool Changed, string? Refusal = null);

/// <summary>What a decision goes by besides the table.</summary>
/// <param name="Now">The database's clock, in milliseconds.</param>
/// <param name="RevisionFloor">The highest revision that the asker has seen.</param>
/// <param name="IncarnationFloor">The highest incarnation that the asker has seen.</param>
/// <param name="Fresh">Whom the database has heard of lately.</param>
public sealed record DecisionContext(
    long Now, long RevisionFloor, long IncarnationFloor, ImmutableHashSet<NodeId> Fresh);
