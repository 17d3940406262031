namespace Lb.Kernel;

/// <summary>What a relay does with the connections of a backend that is down.</summary>
public enum RelayOnDown : byte
{
    /// <summary>They go on, as long as they work.</summary>
    Keep,

    /// <summary>They are reset, so that clients connect anew at once.</summary>
    Reset,
}

/// <summary>Limits of a relay beside its most connections. A time of zero, and 0 of a number, is no limit.</summary>
public sealed record RelayLimits
{
    /// <summary>No limit at all.</summary>
    public static RelayLimits None { get; } = new();

    /// <summary>Most connections to one backend at once.</summary>
    public int BackendConnections { get; init; }

    /// <summary>Most connections of one client at once: an IPv4 address, or an IPv6 prefix of 64 bits.</summary>
    public int SourceConnections { get; init; }

    /// <summary>Age at which a connection is reset.</summary>
    public TimeSpan LifeTimeout { get; init; }

    /// <summary>Time that a backend which takes no new connections has for those it has.</summary>
    public TimeSpan DrainTimeout { get; init; }

    /// <summary>What becomes of the connections of a backend that is down.</summary>
    public RelayOnDown OnDown { get; init; }
}

/// <summary>How a relay has the kernel ask whether the peers of silent connections are still there.</summary>
public sealed record RelayKeepAlive
{
    /// <summary>It does not ask.</summary>
    public static RelayKeepAlive Off { get; } = new();

    /// <summary>Silence before the first question; zero for never.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Time between two questions.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Questions without an answer after which the connection is reset.</summary>
    public int Count { get; init; } = 4;
}
