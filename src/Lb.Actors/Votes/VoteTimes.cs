namespace Lb.Actors;

/// <summary>Times of the vote.</summary>
public static class VoteTimes
{
    /// <summary>Time from one sign of life to the next.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what a node has seen counts without a sign of it.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>How long a word of somebody else stands before the owner says its own above it: that may be on its way to learn.</summary>
    public static readonly TimeSpan Contest = TimeSpan.FromSeconds(2);

    /// <summary>How long a node that starts waits for its cluster before it decides by itself.</summary>
    public static readonly TimeSpan Alone = TimeSpan.FromSeconds(5);

    /// <summary>How long a node alone sees a backend down before that is said to be its path.</summary>
    public static readonly TimeSpan PathFault = TimeSpan.FromSeconds(5);

    /// <summary>How long a node's table differs from that of most before it is repaired, and from one repair to the next.</summary>
    public static readonly TimeSpan Repair = TimeSpan.FromSeconds(2);

    /// <summary>How long it differs before the node is not to answer for VIPs.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(4);

    /// <summary>How long a node is out of reach before the others go on without its voice.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer to a question for what is missing is waited for.</summary>
    public static readonly TimeSpan Ask = TimeSpan.FromMilliseconds(200);
}
