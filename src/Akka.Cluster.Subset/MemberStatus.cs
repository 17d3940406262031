namespace Akka.Cluster;

/// <summary>How far a member is in its life.</summary>
public enum MemberStatus
{
    /// <summary>It waits to be let in.</summary>
    Joining = 0,

    /// <summary>It takes part.</summary>
    Up = 1,

    /// <summary>It has said that it will go.</summary>
    Leaving = 2,

    /// <summary>It hands over what it has.</summary>
    Exiting = 3,

    /// <summary>The others have given it up.</summary>
    Down = 4,

    /// <summary>It is no member any more, or not yet.</summary>
    Removed = 5,

    /// <summary>Is not used here: a member is let in whoever else is unreachable.</summary>
    WeaklyUp = 6,
}
