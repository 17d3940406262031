using System.Globalization;

namespace Lb.Host.Configuration;

/// <summary>Durations as a configuration writes them.</summary>
internal static class Durations
{
    /// <summary>The largest unit that shows it without a fraction: <c>1500ms</c>, <c>2s</c>, <c>15m</c>.</summary>
    public static string Show(TimeSpan time)
    {
        (long Ticks, string Name)[] units =
        [
            (TimeSpan.TicksPerDay, "d"), (TimeSpan.TicksPerHour, "h"), (TimeSpan.TicksPerMinute, "m"),
            (TimeSpan.TicksPerSecond, "s"), (TimeSpan.TicksPerMillisecond, "ms"),
        ];
        if (time == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach ((long ticks, string name) in units)
        {
            if (time.Ticks % ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / ticks}{name}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms");
    }
}
