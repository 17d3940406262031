namespace Lb.Actors;

/// <summary>How a service uses its pool beside weights and verdicts.</summary>
public sealed record PoolPolicy
{
    /// <summary>Nothing beside them.</summary>
    public static PoolPolicy Default { get; } = new();

    /// <summary>
    /// Share of the enabled weight, 0 to 1: with less of it left all are used, whatever their verdict; 0 never does that.
    /// </summary>
    public double PanicThreshold { get; init; }
}
