using System.Diagnostics;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>The unit of time of the flow tables: about a second of the monotonic clock.</summary>
internal static class Tick
{
    private const int Shift = (int)Limit.TickShift;

    /// <summary>Nanoseconds of one tick.</summary>
    public const long Nanoseconds = 1L << Shift;

    private static readonly long TimestampNanoseconds = 1_000_000_000L / Stopwatch.Frequency;

    /// <summary>The current tick: the clock is the one that the programs read.</summary>
    public static uint Now => (uint)((Stopwatch.GetTimestamp() * TimestampNanoseconds) >> Shift);

    /// <summary>Time from one tick to another; zero when the first is the later one, as after a race.</summary>
    public static TimeSpan Since(uint earlier, uint later)
    {
        int ticks = unchecked((int)(later - earlier));
        return TimeSpan.FromMicroseconds(Math.Max(ticks, 0) * (Nanoseconds / 1000.0));
    }

    /// <summary>The tick that was so long before another.</summary>
    public static uint Before(uint tick, TimeSpan time) =>
        unchecked(tick - (uint)Math.Clamp(time.TotalMicroseconds * 1000.0 / Nanoseconds, 0, int.MaxValue));

    /// <summary>The ticks that a time has, a broken one counted whole.</summary>
    public static uint Covering(TimeSpan time) => (uint)Math.Ceiling(time.Ticks * 100.0 / Nanoseconds);

    /// <summary>What a rate per second is per tick, at least 1 unless it is 0.</summary>
    public static uint PerTick(int perSecond) =>
        perSecond == 0 ? 0 : (uint)Math.Max(1, (long)perSecond * Nanoseconds / 1_000_000_000L);
}
