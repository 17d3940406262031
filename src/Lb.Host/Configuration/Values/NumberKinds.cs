using System.Globalization;

namespace Lb.Host.Configuration;

/// <summary>Ports from one to another, both among them.</summary>
internal readonly record struct PortRange(ushort First, ushort Last);

/// <summary>Numbers within a range.</summary>
internal static class NumberKinds
{
    public static ScalarKind<long> Whole(long min, long max, string? mend = null)
    {
        return new(
            $"a whole number from {min} to {max}",
            mend ?? "write a number within the range",
            text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
                && decimal.IsInteger(value)
                ? InRange(value, min, max).Select(decimal.ToInt64)
                : Reading<long>.Wrong($"{Quote.Text(text)} is no whole number"));
    }

    public static ScalarKind<double> Real(double min, double max)
    {
        return new(
            string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
            "write a number within the range",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value)
                ? InRange(value, min, max)
                : Reading<double>.Wrong($"{Quote.Text(text)} is no number"));
    }

    /// <summary>A part of a whole, from 0 to 1: as such, or in percent.</summary>
    public static ScalarKind<double> Share { get; } = new(
        "a share from 0 to 1, or from 0% to 100%",
        "write a share as in 0.25 or 25%",
        text => double.TryParse(
            text.TrimEnd('%').TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value)
            && text.Count(c => c == '%') <= 1
            ? InRange(text.EndsWith('%') ? value / 100 : value, 0, 1)
            : Reading<double>.Wrong($"{Quote.Text(text)} is no share"));

    public static ScalarKind<long> Port { get; } = Whole(1, 65535, "write the number of a port");

    /// <summary>Ports from one to another.</summary>
    public static ScalarKind<PortRange> Ports { get; } = new(
        "a range of ports from 1 to 65535, as in \"1024-32767\"",
        "write FIRST-LAST",
        text => text.Split('-') is [var first, var last]
            && ushort.TryParse(first.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ushort from)
            && ushort.TryParse(last.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ushort to)
            ? from == 0 || from > to
                ? Reading<PortRange>.Wrong($"{Quote.Text(text)} holds no port")
                : Reading<PortRange>.Of(new PortRange(from, to))
            : Reading<PortRange>.Wrong($"{Quote.Text(text)} is no range of ports"));

    /// <summary>A port, a range, or all of them.</summary>
    public static ScalarKind<PortRange> PortOrRange { get; } = new(
        "a port from 1 to 65535, a range as in \"5000-5999\", or \"*\" for all",
        "write the number of a port, FIRST-LAST, or \"*\"",
        text => text == "*" ? Reading<PortRange>.Of(new PortRange(Kernel.Endpoint.FirstPort, ushort.MaxValue))
            : text.Contains('-') && !text.StartsWith('-') ? Ports.Parse(text)
            : Port.Parse(text) is { Problem: { } problem, Mend: var mend } ? Reading<PortRange>.Wrong(problem, mend)
            : Reading<PortRange>.Of(new PortRange((ushort)Port.Parse(text).Value, (ushort)Port.Parse(text).Value)));

    /// <summary>A word, or a whole number; the word reads as <paramref name="auto"/>.</summary>
    public static ScalarKind<long> AutoOr(string word, long auto, long min, long max)
    {
        ScalarKind<long> whole = Whole(min, max);
        return whole with
        {
            Expected = $"{word} or {whole.Expected}",
            Parse = text => text == word ? Reading<long>.Of(auto) : whole.Parse(text),
        };
    }

    private static Reading<T> InRange<T>(T value, T min, T max)
        where T : IComparable<T>, IFormattable
    {
        string text = value.ToString(null, CultureInfo.InvariantCulture);
        return value.CompareTo(min) < 0 ? Reading<T>.Wrong($"{text} is too small")
            : value.CompareTo(max) > 0 ? Reading<T>.Wrong($"{text} is too large")
            : Reading<T>.Of(value);
    }
}
