using Akka.Actor.Setup;

namespace Lb.Cluster.Membership;

/// <summary>Gives an actor system the node by which it takes part in its site. The system starts and ends it.</summary>
public sealed class ClusterNodeSetup(ClusterNode node) : Setup
{
    /// <summary>The node.</summary>
    public ClusterNode Node { get; } = node;
}
