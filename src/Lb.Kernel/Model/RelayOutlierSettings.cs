namespace Lb.Kernel;

/// <summary>When a relay passes over a backend because of what it sees of it.</summary>
public sealed record RelayOutlierSettings
{
    /// <summary>What reference.conf says: never.</summary>
    public static RelayOutlierSettings Default { get; } = new();

    /// <summary>Failures in a row that eject a backend; 0 for never.</summary>
    public int Failures { get; init; }

    /// <summary>How long it is out the first time; the n-th time in a row n times that.</summary>
    public TimeSpan BaseTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that it is out.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most of the backends that take connections that may be out at once, 0 to 1; never all.</summary>
    public double MaxEjected { get; init; } = 0.5;
}

/// <summary>What a relay takes for a failure of a backend.</summary>
public enum RelayFailure : byte
{
    /// <summary>It refused the connection, or could not be reached.</summary>
    Refused,

    /// <summary>It did not answer within the connect timeout.</summary>
    Timeout,

    /// <summary>It reset the connection before any byte of a reply.</summary>
    Reset,

    /// <summary>It had the client's bytes, and answered none until the connection was idle for too long.</summary>
    Silent,
}

/// <summary>A backend is passed over.</summary>
/// <param name="Backend">Which.</param>
/// <param name="Why">Its last failure.</param>
/// <param name="Failures">How many there were in a row.</param>
/// <param name="Time">For how long.</param>
/// <param name="Ejections">The how many-th time in a row.</param>
public sealed record RelayEjection(
    Endpoint Backend, RelayFailure Why, int Failures, TimeSpan Time, int Ejections);

/// <summary>What a relay holds of a backend because of what it has seen.</summary>
/// <param name="Until">Till when it is passed over; null when it is not.</param>
/// <param name="Why">The failure that ejected it last.</param>
/// <param name="Ejected">How often it was ejected, since the relay was made.</param>
public sealed record RelayOutlierReport(DateTimeOffset? Until, RelayFailure Why, long Ejected);
