namespace Lb.Cluster.Membership;

/// <summary>One life of a node: a node that is started once more at its address is another one.</summary>
/// <param name="Address">Where it is, as <c>host:port</c>.</param>
/// <param name="Incarnation">Unlike that of any other life of any node of the site, and higher than those before it.</param>
public sealed record NodeId(string Address, long Incarnation)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}#{Incarnation}";
}

/// <summary>How far a member is in its life. One that is removed is not there any more.</summary>
public enum NodeStatus
{
    /// <summary>It has a row, and waits to be let in.</summary>
    Joining = 0,

    /// <summary>It takes part.</summary>
    Up = 1,

    /// <summary>It has said that it will go.</summary>
    Leaving = 2,

    /// <summary>It hands over what it has.</summary>
    Exiting = 3,

    /// <summary>The others have given it up.</summary>
    Down = 4,
}

/// <summary>A member as the table has it; the times are milliseconds of the database's clock.</summary>
/// <param name="Id">Which life of which node.</param>
/// <param name="Status">How far it is.</param>
/// <param name="UpNumber">Its place in the order of age; 0 until it is up.</param>
/// <param name="Roles">Its roles, sorted, with commas between.</param>
/// <param name="AppVersion">The version of its program.</param>
/// <param name="JoinedAt">When it joined.</param>
/// <param name="ChangedAt">When its status changed.</param>
public sealed record ClusterMember(
    NodeId Id, NodeStatus Status, long UpNumber, string Roles, string AppVersion, long JoinedAt, long ChangedAt)
{
    /// <summary>Whether it takes part, or did so until it began to go.</summary>
    public bool HasBeenUp => UpNumber > 0;
}
