using System.Buffers;
using System.Globalization;

namespace Lb.Pbm.CommandLine;

/// <summary>Durations of <c>pbm</c>'s own options: <c>2</c>, <c>2s</c>, <c>500ms</c>, <c>1m</c>, <c>1h</c>.</summary>
internal static class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Whether a word is meant as a duration.</summary>
    public static bool Resembles(string word) => word.Length > 0 && char.IsAsciiDigit(word[0]);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        int end = text.AsSpan().IndexOfAnyExcept(Digits);
        string unit = end < 0 ? "s" : text[end..];
        double milliseconds = unit switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 0,
        };
        bool isNumber = double.TryParse(
            end < 0 ? text : text[..end],
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double number);
        double total = number * milliseconds;
        bool isRight = isNumber && total >= 1 && total <= Longest.TotalMilliseconds;
        duration = isRight ? TimeSpan.FromMilliseconds(total) : TimeSpan.Zero;
        return isRight;
    }

    public static string Text(TimeSpan duration) => duration.TotalMilliseconds switch
    {
        < 1_000 => $"{duration.TotalMilliseconds:0.#} ms",
        < 120_000 => $"{duration.TotalSeconds:0.#} s",
        _ => $"{duration.TotalMinutes:0.#} min",
    };
}
