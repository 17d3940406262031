using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The other announcers of a cluster.</summary>
public interface IAnnouncerPeers
{
    /// <summary>Where this node is.</summary>
    string Self { get; }

    /// <summary>What is known of the cluster now.</summary>
    AnnouncerCluster Cluster { get; }

    /// <summary>Has someone told of what others say; by which thread, is not said.</summary>
    void Listen(Action<string, ReadOnlyMemory<byte>> heard);

    /// <summary>Says something to another one, or loses it.</summary>
    void Send(string to, ReadOnlyMemory<byte> message);
}

/// <summary>What an announcer has to know of its cluster.</summary>
/// <param name="Others">Where the other members are.</param>
/// <param name="IsIn">This node has been let in.</param>
/// <param name="IsLeaving">It is on its way out.</param>
/// <param name="HasEnded">It is out for good.</param>
/// <param name="Incarnation">Number of its life; lives of the same site have growing ones.</param>
public sealed record AnnouncerCluster(
    ImmutableArray<string> Others, bool IsIn, bool IsLeaving, bool HasEnded, long Incarnation);
