using Lb.Cluster.Membership;

namespace Lb.Cluster.Transport;

/// <summary>The parts of a node that talk to the same part of other nodes. A number once given stays.</summary>
public enum ClusterSubsystem : byte
{
    /// <summary>Nobody's.</summary>
    None = 0,

    /// <summary>Who answers for which VIP.</summary>
    Announcer = 1,

    /// <summary>What nodes see of backends.</summary>
    Health = 2,

    /// <summary>Flow entries, and slots that are not clean.</summary>
    Flows = 3,

    /// <summary>Which config nodes go by.</summary>
    Config = 4,

    /// <summary>How many connections each node may have of a service or to a backend.</summary>
    Limits = 5,

    /// <summary>That a node is to leave.</summary>
    Leave = 6,
}

/// <summary>Is told of a message of its part, by whom it was sent. It is not to wait.</summary>
/// <param name="from">The sender; incarnation 0 is one that has not joined. Whether it is a member is for the part to ask.</param>
/// <param name="payload">The part's own bytes; they may be kept.</param>
public delegate void SubsystemMessage(NodeId from, ReadOnlyMemory<byte> payload);
