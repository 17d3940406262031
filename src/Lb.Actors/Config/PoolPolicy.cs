namespace Lb.Actors;

/// <summary>What becomes of the flows of a backend that has had its time to drain.</summary>
public enum DrainThen
{
    /// <summary>They are ended.</summary>
    Reset,

    /// <summary>They go on, and it is said how many are left.</summary>
    Keep,
}

/// <summary>How a service uses its pool beside weights and verdicts.</summary>
public sealed record PoolPolicy
{
    /// <summary>What holds where nothing is said of <see cref="SlowStartFrom"/>.</summary>
    public const double DefaultSlowStartFrom = 0.1;

    /// <summary>Nothing beside them.</summary>
    public static PoolPolicy Default { get; } = new();

    /// <summary>
    /// Share of the enabled weight, 0 to 1: with less of it left all are used, whatever their verdict; 0 never does that.
    /// </summary>
    public double PanicThreshold { get; init; }

    /// <summary>How long a backend that comes up takes to have its whole weight; zero: it has it at once.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>Share of its weight that it begins with, 0 to 1.</summary>
    public double SlowStartFrom { get; init; } = DefaultSlowStartFrom;

    /// <summary>How long a backend that drains keeps its flows; zero: as long as they last.</summary>
    public TimeSpan DrainDeadline { get; init; }

    /// <summary>What becomes of them then.</summary>
    public DrainThen DrainThen { get; init; }
}
