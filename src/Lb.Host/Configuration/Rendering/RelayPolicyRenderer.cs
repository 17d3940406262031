using System.Globalization;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Writes choice, limits, times and passive health of a relay as the keys that they are read from.</summary>
internal static class RelayPolicyRenderer
{
    public static string Render(RelaySettings relay) => string.Create(
        CultureInfo.InvariantCulture,
        $"balance = {Word(relay.Balance)}, engine = {Word(relay.Transfer)}, backend-connections = {Most(relay.Limits.BackendConnections, "none")}, "
        + $"source-connections = {Most(relay.Limits.SourceConnections, "none")}, "
        + $"life-timeout = {Time(relay.Limits.LifeTimeout)}, drain-timeout = {Time(relay.Limits.DrainTimeout)}, "
        + $"on-down = {(relay.Limits.OnDown == RelayOnDown.Reset ? "reset" : "keep")}, "
        + $"keepalive {{ idle = {Time(relay.KeepAlive.Idle)}, interval = {Durations.Show(relay.KeepAlive.Interval)}, "
        + $"count = {relay.KeepAlive.Count} }}, "
        + $"outlier {{ failures = {Most(relay.Outlier.Failures, "off")}, base-time = {Durations.Show(relay.Outlier.BaseTime)}, "
        + $"max-time = {Durations.Show(relay.Outlier.MaxTime)}, max-ejected = {relay.Outlier.MaxEjected} }}");

    /// <summary>The word of a rule of choice.</summary>
    public static string Word(RelayBalance balance) => balance switch
    {
        RelayBalance.LeastConnections => "least-connections",
        RelayBalance.TwoChoices => "two-choices",
        RelayBalance.PeakEwma => "peak-ewma",
        _ => "maglev",
    };

    /// <summary>The word of what moves bytes.</summary>
    public static string Word(RelayTransfer transfer) => transfer == RelayTransfer.Sockmap ? "sockmap" : "loop";

    private static string Most(int most, string none) => most == 0 ? none : most.ToString(CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time == TimeSpan.Zero ? "never" : Durations.Show(time);
}
