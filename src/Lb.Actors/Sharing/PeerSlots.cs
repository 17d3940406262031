using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What other nodes say of the slots of a service.</summary>
/// <param name="Join">Number of the node's joining: it may have to join anew.</param>
/// <param name="IsJoining">This node, or the service on it, has not yet taken over what the others know.</param>
/// <param name="IsWhole">What all others that are reachable know has been heard.</param>
/// <param name="Tables">The others, and those that were there lately.</param>
internal sealed record PeerSlots(int Join, bool IsJoining, bool IsWhole, ImmutableArray<PeerTable> Tables)
{
    /// <summary>Nobody else was heard.</summary>
    public static PeerSlots Nothing { get; } = new(0, IsJoining: true, IsWhole: false, []);
}

/// <summary>What another node says, or said last, of the slots of a service.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="IsLost">It is not there any more, or was that before it was started anew: it has said its last.</param>
/// <param name="IsEstablished">It has been in the cluster without a gap.</param>
/// <param name="HeardAt">When it was heard last, in ticks.</param>
/// <param name="Report">What it says; null when it has said nothing.</param>
internal sealed record PeerTable(string Node, bool IsLost, bool IsEstablished, long HeardAt, SlotReport? Report);
