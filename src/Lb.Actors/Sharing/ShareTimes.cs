namespace Lb.Actors;

/// <summary>Times and sizes of what nodes tell each other of flows.</summary>
internal static class ShareTimes
{
    /// <summary>Time from one sign of life to the next.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node that was heard is taken to be there.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>How long an answer to a question is waited for.</summary>
    public static readonly TimeSpan Ask = TimeSpan.FromMilliseconds(200);

    /// <summary>How long after the newest part a node that has not confirmed it is told of it.</summary>
    public static readonly TimeSpan Prod = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a message that others came before is waited for.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a node may be without any other before it joins anew.</summary>
    public static readonly TimeSpan Lonely = TimeSpan.FromSeconds(10);

    /// <summary>How long a node with another table keeps slots from becoming clean.</summary>
    public static readonly TimeSpan Differs = TimeSpan.FromMinutes(2);

    /// <summary>How long a node that joins waits for its tables to be those of the others.</summary>
    public static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a node that starts answers for no VIP while something is missing.</summary>
    public static readonly TimeSpan Gate = TimeSpan.FromSeconds(10);

    /// <summary>How often a node that has lost news at most tells others to ask for all.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    /// <summary>How long what a node has read for another is kept for its questions.</summary>
    public static readonly TimeSpan Session = TimeSpan.FromSeconds(10);

    /// <summary>What a node that is gone said last is forgotten then; services go by it for their flow memory.</summary>
    public static readonly TimeSpan Ghost = TimeSpan.FromHours(24);

    /// <summary>Steps in which others are told since when a slot waits: exactly would make a state of its own of each change.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>How many messages of slots go to each other node in a second: 0.9 MB. What is left waits, and is told as it is then.</summary>
    public const int SlotRate = 1000;

    /// <summary>How many of them may go at once.</summary>
    public const int SlotBurst = 500;

    /// <summary>How many messages are kept for those that have lost them: 4 MB.</summary>
    public const int MostKept = 4096;

    /// <summary>How many messages are sent at once to somebody who asks.</summary>
    public const int Window = 32;

    /// <summary>How many numbers of messages are remembered that others are missing before.</summary>
    public const int MostEarly = 4096;
}
