namespace Lb.Actors;

/// <summary>The other nodes of the cluster, for a part of this one that talks to the same part of them.</summary>
public interface IClusterMates
{
    /// <summary>Where this node is.</summary>
    string Self { get; }

    /// <summary>What is known of the cluster now.</summary>
    VoteCluster Cluster { get; }

    /// <summary>Has someone told of what others say; by which thread, is not said.</summary>
    void Listen(VoteHeard heard);

    /// <summary>Says something to another one, or loses it.</summary>
    void Send(string to, ReadOnlyMemory<byte> message);
}
