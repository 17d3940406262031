using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>Lengths of time within a range.</summary>
internal static class DurationKinds
{
    public static ScalarKind<TimeSpan> Within(TimeSpan min, TimeSpan max)
    {
        return new(
            $"a duration from {Durations.Show(min)} to {Durations.Show(max)}",
            "write a number and a unit, as in 500ms, 2s or 15m",
            text => !new HoconString(text).TryGetDuration().TryGet(out TimeSpan time, out _)
                ? Reading<TimeSpan>.Wrong($"{Quote.Text(text)} is no duration")
                : time < min ? Reading<TimeSpan>.Wrong($"{Quote.Text(text)} is too short")
                : time > max ? Reading<TimeSpan>.Wrong($"{Quote.Text(text)} is too long")
                : Reading<TimeSpan>.Of(time));
    }

    /// <summary>The word for no time at all, or a length of time; the word reads as zero.</summary>
    public static ScalarKind<TimeSpan> WordOr(string word, TimeSpan min, TimeSpan max)
    {
        ScalarKind<TimeSpan> within = Within(min, max);
        return within with
        {
            Expected = $"{word} or {within.Expected}",
            Parse = text => text == word ? Reading<TimeSpan>.Of(TimeSpan.Zero) : within.Parse(text),
        };
    }
}
