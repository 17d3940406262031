using System.Collections.Immutable;

namespace Lb.Host.Configuration;

/// <summary>What <c>health.check</c> can be.</summary>
internal enum CheckKind
{
    None,
    Tcp,
    Http,
}

/// <summary><c>lb.service-defaults.health</c> and <c>lb.services.NAME.health</c>.</summary>
internal static class HealthKeys
{
    public static readonly ValueKey<CheckKind> Check = new(
        "check", TextKinds.Choice(("none", CheckKind.None), ("tcp", CheckKind.Tcp), ("http", CheckKind.Http)));

    public static readonly ValueKey<TimeSpan> Interval = new(
        "interval", DurationKinds.Within(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)));

    public static readonly ValueKey<TimeSpan> Timeout = new(
        "timeout", DurationKinds.Within(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)));

    public static readonly ValueKey<long> Rise = new("rise", NumberKinds.Whole(1, 100));

    public static readonly ValueKey<long> Fall = new("fall", NumberKinds.Whole(1, 100));

    public static readonly ValueKey<double> Jitter = new("jitter", NumberKinds.Real(0, 0.5));

    public static readonly ValueKey<long> Port = new("port", NumberKinds.Whole(0, 65535));

    public static readonly ValueKey<string> Path = new("path", TextKinds.RequestPath);

    public static readonly ValueKey<string?> Host = new("host", new NullableKind<string>(TextKinds.HostHeader));

    public static readonly ValueKey<ImmutableArray<Located<long>>> Expect = new(
        "expect",
        new ListKind<long>(
            NumberKinds.Whole(100, 599), 1, "an array of HTTP status codes", "list at least one, as in [200]"));

    public static readonly Section Section =
        Section.Of(Check, Interval, Timeout, Rise, Fall, Jitter, Port, Path, Host, Expect);
}
