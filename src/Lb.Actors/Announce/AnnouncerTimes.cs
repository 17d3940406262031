namespace Lb.Actors;

/// <summary>How quick announcers are among themselves.</summary>
internal sealed record AnnouncerTimes
{
    /// <summary>Those of a cluster.</summary>
    public static readonly AnnouncerTimes Default = new();

    /// <summary>How often the rule is asked.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a node says what it holds.</summary>
    public TimeSpan Hello { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>After how long a silence a node is taken for gone.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How long one that is next but one in order lets the next one go first.</summary>
    public TimeSpan Stagger { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a node listens before it takes anything: all others speak several times meanwhile.</summary>
    public TimeSpan Listen { get; init; } = TimeSpan.FromMilliseconds(1200);

    /// <summary>How long the node that a VIP would rather be on must have been able, where VIPs go back at all.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(10);
}
