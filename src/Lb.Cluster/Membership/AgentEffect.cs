using Lb.Cluster.Transport;

namespace Lb.Cluster.Membership;

/// <summary>What an agent wants done.</summary>
internal abstract record AgentEffect
{
    /// <summary>Sends a message.</summary>
    internal sealed record Send(string Address, ClusterMessage Message) : AgentEffect;

    /// <summary>Reads the table; the agent waits for what comes of it.</summary>
    internal sealed record Read(NodeId? Reader) : AgentEffect;

    /// <summary>Changes the table; the agent waits for what comes of it.</summary>
    internal sealed record Change(MembershipCommand Command, long RevisionFloor, long IncarnationFloor) : AgentEffect;
}
