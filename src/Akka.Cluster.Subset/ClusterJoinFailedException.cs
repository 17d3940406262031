using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Thrown when a node has not managed to join.</summary>
public class ClusterJoinFailedException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public ClusterJoinFailedException(string message)
        : base(message)
    {
    }
}
