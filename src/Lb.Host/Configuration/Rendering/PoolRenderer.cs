using System.Globalization;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>Writes how a service uses its pool as the keys that it is read from.</summary>
internal static class PoolRenderer
{
    public static string Render(PoolPolicy policy) => string.Create(
        CultureInfo.InvariantCulture,
        $"panic-threshold = {policy.PanicThreshold}, "
        + $"slow-start = {(policy.SlowStart == TimeSpan.Zero ? "off" : Durations.Show(policy.SlowStart))}, "
        + $"slow-start-from = {policy.SlowStartFrom}, drain {{ deadline = {Time(policy.DrainDeadline)}, "
        + $"then = {(policy.DrainThen == DrainThen.Keep ? "keep" : "reset")} }}");

    /// <summary>Keys of a backend, behind the others; nothing for what is the default.</summary>
    public static string Render(BackendConfig backend) =>
        (backend.DrainDeadline is { } deadline ? $", drain-deadline = {Time(deadline)}" : "")
        + (backend.Backup ? ", backup = true" : "");

    private static string Time(TimeSpan time) => time == TimeSpan.Zero ? "never" : Durations.Show(time);
}
