using System.Globalization;

namespace Akka.Configuration;

/// <summary>Durations and sizes.</summary>
internal static class ConfigUnits
{
    internal static bool TryParseDuration(string text, bool allowInfinite, out TimeSpan duration)
    {
        if (allowInfinite && text is "infinite")
        {
            duration = Timeout.InfiniteTimeSpan;
            return true;
        }

        duration = default;
        if (!TrySplit(text, out var number, out var unit))
        {
            return false;
        }

        double? milliseconds = unit switch
        {
            "ns" or "nanosecond" or "nanoseconds" => number / 1e6,
            "us" or "microsecond" or "microseconds" => number / 1e3,
            "" or "ms" or "milli" or "millisecond" or "milliseconds" => number,
            "s" or "second" or "seconds" => number * 1e3,
            "m" or "minute" or "minutes" => number * 60e3,
            "h" or "hour" or "hours" => number * 3600e3,
            "d" or "day" or "days" => number * 86400e3,
            _ => null,
        };
        if (milliseconds is not { } value || value < 0)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(value);
        return true;
    }

    internal static bool TryParseBytes(string text, out long bytes)
    {
        bytes = 0;
        if (!TrySplit(text, out var number, out var unit))
        {
            return false;
        }

        double? factor = unit switch
        {
            "" or "B" or "b" or "byte" or "bytes" => 1,
            "kB" or "kilobyte" or "kilobytes" => 1e3,
            "MB" or "megabyte" or "megabytes" => 1e6,
            "GB" or "gigabyte" or "gigabytes" => 1e9,
            "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            _ => null,
        };
        if (factor is not { } value || number < 0)
        {
            return false;
        }

        bytes = (long)(number * value);
        return true;
    }

    private static bool TrySplit(string text, out double number, out string unit)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or '-' or '+'))
        {
            end++;
        }

        unit = text[end..].Trim();
        return double.TryParse(text[..end], CultureInfo.InvariantCulture, out number);
    }
}
