using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>What was read of a table.</summary>
/// <param name="State">The members.</param>
/// <param name="Fresh">Those of them whom the database has heard of lately.</param>
public sealed record MembershipSnapshot(MembershipState State, ImmutableHashSet<NodeId> Fresh)
{
    /// <summary>How much later than usual a node may be heard of and still count as alive.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);
}

/// <summary>Where the members of a site are kept.</summary>
public interface IMembershipTable
{
    /// <summary>Reads the table, and has it take note that the reader is alive.</summary>
    Task<MembershipSnapshot> ReadAsync(NodeId? reader);

    /// <summary>Changes the table as the rules say, while nobody else can.</summary>
    Task<MembershipDecision> ChangeAsync(MembershipCommand command, long revisionFloor, long incarnationFloor);

    /// <summary>
    /// Calls <paramref name="changed"/> when the table may have changed. Ends when it cannot tell any more, or never
    /// can.
    /// </summary>
    Task ListenAsync(Action changed, CancellationToken cancellationToken);
}
