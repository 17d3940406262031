using System.Diagnostics;

namespace Lb.Kernel.Datapath;

/// <summary>The clock that the programs read, which is the one of <see cref="Stopwatch"/>, against the time of day.</summary>
internal static class MonotonicClock
{
    /// <summary>Time of day at which it was zero, by the difference of the two clocks now.</summary>
    public static DateTimeOffset Start() =>
        TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp());
}
