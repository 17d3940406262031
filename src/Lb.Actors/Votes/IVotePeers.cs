using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The other nodes that vote on backends.</summary>
public interface IVotePeers : IClusterMates
{
    /// <summary>How many nodes probe a backend.</summary>
    int Probers { get; }
}

/// <summary>Another node has said something.</summary>
/// <param name="from">Where it is.</param>
/// <param name="life">Number of its life: higher than those before.</param>
/// <param name="message">What it said.</param>
public delegate void VoteHeard(string from, long life, ReadOnlyMemory<byte> message);

/// <summary>What voters have to know of their cluster.</summary>
/// <param name="Up">Members that are up.</param>
/// <param name="Epoch">Revision of the table of members.</param>
/// <param name="IsIn">This node is one of them.</param>
public sealed record VoteCluster(ImmutableArray<VoteMember> Up, long Epoch, bool IsIn);
