namespace Lb.Actors;

/// <summary>
/// Times of the limits that nodes share. Each is measured by one node's running time alone; where two nodes count the same, the
/// one that waits for the other's time to end waits a quarter longer: so far may the speeds of their clocks be apart.
/// </summary>
public static class SliceTimes
{
    /// <summary>Time from one claim to the next.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node may use what it was given, from when it asked.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    /// <summary>How long the one that gave it counts it as used, from when it gave it.</summary>
    public static readonly TimeSpan LeaseOver = TimeSpan.FromSeconds(6.25);

    /// <summary>How long a node that has voted for an owner votes for no other one.</summary>
    public static readonly TimeSpan Vote = TimeSpan.FromSeconds(3);

    /// <summary>How long that owner counts the vote, from the sign of life that it answers.</summary>
    public static readonly TimeSpan VoteCounted = TimeSpan.FromSeconds(2.4);

    /// <summary>Within which time nodes know of a change of members.</summary>
    public static readonly TimeSpan TableLag = TimeSpan.FromSeconds(3);

    /// <summary>How long a node that can be reached says nothing before it is taken for one that knows of no shared limits.</summary>
    public static readonly TimeSpan Mute = TimeSpan.FromSeconds(5);

    /// <summary>The same of a node that has said something before.</summary>
    public static readonly TimeSpan Silent = TimeSpan.FromSeconds(10);

    /// <summary>How long connections wait for a node's slice to grow before that is said.</summary>
    public static readonly TimeSpan Starved = TimeSpan.FromSeconds(2);
}
