namespace Lb.Host.Configuration;

/// <summary>What the keys on limits, times and passive health of a relay ask of each other.</summary>
internal static class RelayPolicyRules
{
    public static IEnumerable<ConfigIssue> Check(SectionValues relay) =>
        [.. CheckOutlier(relay.Get(RelayPolicyKeys.Outlier)), .. CheckSilence(relay.Get(RelayPolicyKeys.KeepAlive))];

    private static IEnumerable<ConfigIssue> CheckOutlier(SectionValues outlier)
    {
        if (outlier.Find(RelayPolicyKeys.Outliers.BaseTime) is { } first
            && outlier.Find(RelayPolicyKeys.Outliers.MaxTime) is { } longest
            && longest.Value < first.Value)
        {
            yield return longest.Error(
                $"{Durations.Show(longest.Value)} is shorter than base-time, {Durations.Show(first.Value)}",
                "the longest time that a backend is out, at least base-time",
                "raise max-time, or shorten base-time");
        }

        if (outlier.Find(RelayPolicyKeys.Outliers.Failures) is { Value: > 0 } failures
            && outlier.Find(RelayPolicyKeys.Outliers.MaxEjected) is { Value: <= 0 })
        {
            yield return failures.Error(
                "backends are to be ejected, and max-ejected = 0 lets none be",
                "off where none may be ejected",
                "write failures = off, or a max-ejected above 0");
        }
    }

    private static IEnumerable<ConfigIssue> CheckSilence(SectionValues silence)
    {
        foreach (ValueKey<TimeSpan> key in (ValueKey<TimeSpan>[])[RelayPolicyKeys.Silence.Idle, RelayPolicyKeys.Silence.Interval])
        {
            if (silence.Find(key) is { } time && time.Value.Ticks % TimeSpan.TicksPerSecond != 0)
            {
                yield return time.Error(
                    $"{Durations.Show(time.Value)} is no whole number of seconds",
                    "whole seconds, as the kernel counts them",
                    "write a number of seconds, as in 15s");
            }
        }
    }
}
