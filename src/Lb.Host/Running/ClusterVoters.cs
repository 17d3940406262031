using Lb.Actors;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Host.Running;

/// <summary>The other nodes that vote on backends.</summary>
internal sealed class ClusterVoters(ClusterNode node, int probers) : ClusterMates(node, ClusterSubsystem.Health), IVotePeers
{
    /// <inheritdoc/>
    public int Probers => probers;
}
