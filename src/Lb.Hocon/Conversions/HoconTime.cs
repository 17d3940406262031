namespace Lb.Hocon;

/// <summary>Conversions to durations and periods.</summary>
public static class HoconTime
{
    private const string DurationMend = "write a number with ns, us, ms, s, m, h or d, such as 250ms";
    private const string PeriodMend = "write a whole number with d, w, m or y, such as 2w";

    /// <summary>A duration; a bare number is milliseconds. Parts of a 100 ns tick are cut off.</summary>
    public static HoconResult<TimeSpan> TryGetDuration(this HoconValue value)
    {
        if (!Units.TrySplit(value, out decimal number, out string unit) || TicksOf(unit) is not { } ticks)
        {
            return HoconConversions.Fail<TimeSpan>(value, "a duration", DurationMend);
        }

        return Units.TryMultiply(number, ticks, out decimal total) && total is >= long.MinValue and <= long.MaxValue
            ? new(new TimeSpan((long)total))
            : HoconConversions.Fail<TimeSpan>(value, "a duration of at most 10675199 days", DurationMend);
    }

    /// <summary>A period; a bare number is days.</summary>
    public static HoconResult<HoconPeriod> TryGetPeriod(this HoconValue value)
    {
        if (!Units.TrySplit(value, out decimal number, out string unit) || !decimal.IsInteger(number)
            || number is < -1_000_000 or > 1_000_000)
        {
            return HoconConversions.Fail<HoconPeriod>(value, "a period", PeriodMend);
        }

        int count = (int)number;
        return unit switch
        {
            "" or "d" or "day" or "days" => new(new HoconPeriod(0, count)),
            "w" or "week" or "weeks" => new(new HoconPeriod(0, count * 7)),
            "m" or "mo" or "month" or "months" => new(new HoconPeriod(count, 0)),
            "y" or "year" or "years" => new(new HoconPeriod(count * 12, 0)),
            _ => HoconConversions.Fail<HoconPeriod>(value, "a period", PeriodMend),
        };
    }

    private static decimal? TicksOf(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1m / TimeSpan.NanosecondsPerTick,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };
}
