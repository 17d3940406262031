using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Keys of <c>relay</c> on the choice of a backend, limits, times and passive health.</summary>
internal static class RelayPolicyKeys
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    public static readonly ValueKey<RelayBalance> Balance = new(
        "balance",
        TextKinds.Choice(
            ("maglev", RelayBalance.Maglev),
            ("least-connections", RelayBalance.LeastConnections),
            ("two-choices", RelayBalance.TwoChoices),
            ("peak-ewma", RelayBalance.PeakEwma)));

    public static readonly ValueKey<RelayTransfer> Engine = new(
        "engine", TextKinds.Choice(("loop", RelayTransfer.Loop), ("sockmap", RelayTransfer.Sockmap)));

    public static readonly ValueKey<long> BackendConnections = new(
        "backend-connections", NumberKinds.AutoOr("none", 0, 1, 1_000_000));

    public static readonly ValueKey<long> SourceConnections = new(
        "source-connections", NumberKinds.AutoOr("none", 0, 1, 1_000_000));

    public static readonly ValueKey<TimeSpan> LifeTimeout = new(
        "life-timeout", DurationKinds.WordOr("never", s_second, s_longest));

    public static readonly ValueKey<TimeSpan> DrainTimeout = new(
        "drain-timeout", DurationKinds.WordOr("never", s_second, s_longest));

    public static readonly ValueKey<RelayOnDown> OnDown = new(
        "on-down", TextKinds.Choice(("keep", RelayOnDown.Keep), ("reset", RelayOnDown.Reset)));

    public static readonly SectionKey KeepAlive = new(
        "keepalive", Section.Of(Silence.Idle, Silence.Interval, Silence.Count));

    public static readonly SectionKey Outlier = new(
        "outlier", Section.Of(Outliers.Failures, Outliers.BaseTime, Outliers.MaxTime, Outliers.MaxEjected));

    public static readonly ImmutableArray<Key> Keys =
    [
        Balance, Engine, BackendConnections, SourceConnections, LifeTimeout, DrainTimeout, OnDown, KeepAlive, Outlier,
    ];

    /// <summary><c>relay.keepalive</c>.</summary>
    internal static class Silence
    {
        public static readonly ValueKey<TimeSpan> Idle = new(
            "idle", DurationKinds.WordOr("never", TimeSpan.FromSeconds(1), TimeSpan.FromHours(9)));

        public static readonly ValueKey<TimeSpan> Interval = new(
            "interval", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromHours(9)));

        public static readonly ValueKey<long> Count = new("count", NumberKinds.Whole(1, 127));
    }

    /// <summary><c>relay.outlier</c>.</summary>
    internal static class Outliers
    {
        public static readonly ValueKey<long> Failures = new("failures", NumberKinds.AutoOr("off", 0, 1, 1000));

        public static readonly ValueKey<TimeSpan> BaseTime = new(
            "base-time", DurationKinds.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)));

        public static readonly ValueKey<TimeSpan> MaxTime = new(
            "max-time", DurationKinds.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)));

        public static readonly ValueKey<double> MaxEjected = new("max-ejected", NumberKinds.Share);
    }
}
