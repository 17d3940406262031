using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Finds or makes the cluster of a system.</summary>
public class ClusterExtension : ExtensionIdProvider<Cluster>
{
    /// <inheritdoc/>
    public override Cluster CreateExtension(ExtendedActorSystem system) => new(system);
}
