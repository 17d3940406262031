namespace Lb.Actors;

/// <summary>The rise and fall of one backend. Pure.</summary>
/// <param name="Verdict">What holds.</param>
/// <param name="Streak">Results in a row that speak against the verdict.</param>
/// <remarks>
/// The first success after a start counts as up: a pool that is healthy serves after one probe. From then on
/// <c>rise</c> successes in a row lead up and <c>fall</c> failures in a row lead down. A backend whose verdict was
/// taken over from the kernel is treated as if the probes had never paused.
/// </remarks>
public sealed record HealthState(HealthVerdict Verdict, int Streak)
{
    /// <summary>Nothing is known.</summary>
    public static HealthState Fresh { get; } = new(HealthVerdict.Unknown, 0);

    /// <summary>A verdict from before the node started: the first probe that speaks against it turns it.</summary>
    public static HealthState Remembered(HealthVerdict verdict, HealthConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new HealthState(
            verdict,
            verdict switch
            {
                HealthVerdict.Up => config.Fall - 1,
                HealthVerdict.Down => config.Rise - 1,
                _ => 0,
            });
    }

    /// <summary>The state after a probe.</summary>
    /// <param name="success">Whether the probe succeeded.</param>
    /// <param name="config">Rise and fall.</param>
    public HealthState After(bool success, HealthConfig config)
    {
        if (success == (Verdict == HealthVerdict.Up) && Verdict != HealthVerdict.Unknown)
        {
            return this with { Streak = 0 };
        }

        int needed = success ? (Verdict == HealthVerdict.Unknown ? 1 : config.Rise) : config.Fall;
        return Streak + 1 < needed
            ? this with { Streak = Streak + 1 }
            : new HealthState(success ? HealthVerdict.Up : HealthVerdict.Down, 0);
    }
}
