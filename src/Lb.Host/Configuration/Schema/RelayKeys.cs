using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary><c>lb.service-defaults.relay</c> and <c>lb.services.NAME.relay</c>.</summary>
internal static class RelayKeys
{
    public static readonly ValueKey<RelaySource> Source = new(
        "source", TextKinds.Choice(("client", RelaySource.Client), ("node", RelaySource.Node)));

    public static readonly ValueKey<InterceptBy> Interception = new(
        "interception",
        TextKinds.Choice(("auto", InterceptBy.Auto), ("tproxy", InterceptBy.Tproxy), ("tc", InterceptBy.Tc)));

    public static readonly ValueKey<TimeSpan> ConnectTimeout = new(
        "connect-timeout", DurationKinds.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)));

    public static readonly ValueKey<TimeSpan> IdleTimeout = new(
        "idle-timeout", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)));

    public static readonly ValueKey<long> Attempts = new("attempts", NumberKinds.Whole(1, 16));

    public static readonly ValueKey<long> Connections = new("connections", NumberKinds.Whole(1, 1_000_000));

    public static readonly Section Section =
        new([Source, Interception, ConnectTimeout, IdleTimeout, Attempts, Connections, .. RelayPolicyKeys.Keys]);
}
