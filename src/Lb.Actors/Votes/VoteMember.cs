namespace Lb.Actors;

/// <summary>A node of the cluster, as one node sees it.</summary>
/// <param name="Address">Where it is, as <c>host:port</c>.</param>
/// <param name="IsReachable">It answers.</param>
/// <param name="IsLost">It has not answered for so long that the others go on without it.</param>
public sealed record VoteMember(string Address, bool IsReachable, bool IsLost)
{
    /// <summary>Number of its life: grows.</summary>
    public long Life { get; init; }

    /// <summary>The number that it is known by.</summary>
    internal ulong Hash { get; } = VoteHash.Of(Address);
}
