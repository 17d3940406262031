namespace Lb.Cluster.Membership;

/// <summary>How a node takes part.</summary>
public sealed record MembershipOptions
{
    /// <summary>Where the node is, as <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Its roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The version of its program.</summary>
    public string AppVersion { get; init; } = "0.0.0";

    /// <summary>How often those who are watched are asked.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node may be halted and be believed in.</summary>
    public TimeSpan AcceptablePause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What intervals between answers are taken to differ by at least.</summary>
    public TimeSpan LeastDeviation { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The suspicion at which a node is not reached any more.</summary>
    public double Threshold { get; init; } = 8;

    /// <summary>By how many others a node is watched.</summary>
    public int Watchers { get; init; } = 5;

    /// <summary>How long a node must be unreachable to be given up.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the table is read when nothing is told of a change.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For how long the table must not have been read for the node to call its view stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long an attempt in vain to join or to change something is followed by none.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    internal TimeSpan Tick => HeartbeatInterval / 4;
}
