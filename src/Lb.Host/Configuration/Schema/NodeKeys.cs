using System.Collections.Immutable;
using System.Net;
using Lb.Actors;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Configuration;

/// <summary>What is the node's own: <c>lb</c> without its services.</summary>
internal static class NodeKeys
{
    public static readonly ValueKey<string> Site = new("site", TextKinds.SiteName, Restart: true);

    public static readonly ValueKey<ImmutableArray<Located<string>>> Interfaces = new(
        "interfaces",
        new ListKind<string>(
            TextKinds.InterfaceName,
            1,
            "an array of network interfaces",
            "name the interfaces that packets are taken from, as in [eth0]"),
        Restart: true);

    public static readonly ValueKey<AttachMode> Attach = new(
        "attach",
        TextKinds.Choice(
            ("auto", AttachMode.Auto), ("native", AttachMode.Native), ("generic", AttachMode.Generic)),
        Restart: true);

    public static readonly ValueKey<long> HashSeed =
        new("hash-seed", NumberKinds.Whole(0, uint.MaxValue), Restart: true);

    /// <summary><c>lb.kernel</c>.</summary>
    internal static class Kernel
    {
        public static readonly ValueKey<string> BpfFs = new("bpffs", TextKinds.AbsolutePath, Restart: true);

        public static readonly ValueKey<long> MaxServices =
            new("max-services", NumberKinds.Whole(1, 65536), Restart: true);

        public static readonly ValueKey<long> MaxBackends =
            new("max-backends", NumberKinds.Whole(2, 1_048_576), Restart: true);

        public static readonly ValueKey<long> MaxFlows =
            new("max-flows", NumberKinds.Whole(1024, 67108864), Restart: true);

        public static readonly ValueKey<long> MaxClients =
            new("max-clients", NumberKinds.Whole(1024, 67108864), Restart: true);

        public static readonly ValueKey<TimeSpan> CheckInterval =
            new("check-interval", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));

        public static readonly ValueKey<long> InsertRate =
            new("insert-rate", NumberKinds.Whole(1, 10_000_000), Restart: true);

        public static readonly ValueKey<RelayConntrack> RelayConntrack = new(
            "relay-conntrack",
            TextKinds.Choice(
                ("track", Configuration.RelayConntrack.Track), ("bypass", Configuration.RelayConntrack.Bypass)),
            Restart: true);

        public static readonly SectionKey Key = new(
            "kernel",
            Section.Of(BpfFs, MaxServices, MaxBackends, MaxFlows, MaxClients, CheckInterval, InsertRate, RelayConntrack));
    }

    /// <summary><c>lb.nat</c>.</summary>
    internal static class Nat
    {
        public static readonly ValueKey<ImmutableArray<Located<IPNetwork>>> Direct = new(
            "direct",
            new ListKind<IPNetwork>(
                AddressKinds.Prefix, 0, "an array of prefixes", "list prefixes as in [10.0.0.0/8]"));

        public static readonly SectionKey Key = new("nat", Section.Of(Direct));
    }

    /// <summary><c>lb.flows</c>.</summary>
    internal static class Flows
    {
        public static readonly ValueKey<TimeSpan> SweepInterval = new(
            "sweep-interval", DurationKinds.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)));

        public static readonly ValueKey<TimeSpan> UdpWindow = new(
            "udp-window", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));

        public static readonly SectionKey Key = new("flows", Section.Of(SweepInterval, UdpWindow));
    }

    /// <summary><c>lb.plan</c>.</summary>
    internal static class Plan
    {
        public static readonly ValueKey<double> MaxMovedFlows = new("max-moved-flows", NumberKinds.Share);

        public static readonly ValueKey<double> MaxLostFlows = new("max-lost-flows", NumberKinds.Share);

        public static readonly SectionKey Key = new("plan", Section.Of(MaxMovedFlows, MaxLostFlows));
    }

    /// <summary><c>lb.flow-log</c>.</summary>
    internal static class FlowLog
    {
        public static readonly ValueKey<string> Path = new("path", TextKinds.LogTarget, Restart: true);

        public static readonly ValueKey<long> SampleRate = new("sample-rate", NumberKinds.Whole(1, 1_000_000_000));

        public static readonly SectionKey Key = new("flow-log", Section.Of(Path, SampleRate));
    }

    /// <summary><c>lb.journal</c>.</summary>
    internal static class Journal
    {
        public static readonly ValueKey<JournalProvider> Provider = new(
            "provider",
            TextKinds.Choice(("sqlite", JournalProvider.Sqlite), ("postgresql", JournalProvider.PostgreSql)),
            Restart: true);

        public static readonly ValueKey<string> Directory = new("directory", TextKinds.AbsolutePath, Restart: true);

        public static readonly ValueKey<string> ConnectionString =
            new("connection-string", TextKinds.PostgresConnection, Restart: true);

        public static readonly SectionKey Key = new("journal", Section.Of(Provider, Directory, ConnectionString));
    }

    /// <summary><c>lb.admin</c>.</summary>
    internal static class Admin
    {
        public static readonly ValueKey<IPAddress> Host = new("host", AddressKinds.Loopback, Restart: true);

        public static readonly ValueKey<long> Port = new("port", NumberKinds.Port, Restart: true);

        public static readonly ValueKey<AccessRole> LocalRole = new(
            "local-role",
            TextKinds.Choice(
                ("none", AccessRole.None), ("read", AccessRole.Read), ("operate", AccessRole.Operate),
                ("admin", AccessRole.Admin)),
            Restart: true);

        public static readonly SectionKey Key = new("admin", Section.Of(Host, Port, LocalRole, Remote.Key));

        /// <summary><c>lb.admin.remote</c>.</summary>
        internal static class Remote
        {
            public static readonly ValueKey<IPAddress?> Host =
                new("host", new NullableKind<IPAddress>(AddressKinds.Listening), Restart: true);

            public static readonly ValueKey<long> Port = new("port", NumberKinds.Port, Restart: true);

            public static readonly ValueKey<string?> Certificate =
                new("certificate", new NullableKind<string>(TextKinds.AbsolutePath), Restart: true);

            public static readonly ValueKey<string?> PrivateKey =
                new("key", new NullableKind<string>(TextKinds.AbsolutePath), Restart: true);

            public static readonly SectionKey Key = new("remote", Section.Of(Host, Port, Certificate, PrivateKey));
        }
    }

    /// <summary><c>lb.log</c>.</summary>
    internal static class Log
    {
        public static readonly ValueKey<LogLevel> Level = new(
            "level",
            TextKinds.Choice(
                ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information),
                ("warning", LogLevel.Warning), ("error", LogLevel.Error)));

        public static readonly ValueKey<LogFormat> Format = new(
            "format", TextKinds.Choice(("text", LogFormat.Text), ("json", LogFormat.Json)), Restart: true);

        public static readonly SectionKey Key = new("log", Section.Of(Level, Format));
    }

    /// <summary><c>lb.metrics</c>.</summary>
    internal static class Metrics
    {
        public static readonly ValueKey<string> OtlpEndpoint =
            new("otlp-endpoint", TextKinds.CollectorUrl, Restart: true);

        public static readonly ValueKey<OtlpProtocol> OtlpProtocol = new(
            "otlp-protocol",
            TextKinds.Choice(
                ("grpc", Configuration.OtlpProtocol.Grpc), ("http", Configuration.OtlpProtocol.Http)),
            Restart: true);

        public static readonly ValueKey<TimeSpan> Interval = new(
            "interval", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), Restart: true);

        public static readonly SectionKey Key = new("metrics", Section.Of(OtlpEndpoint, OtlpProtocol, Interval));
    }

    /// <summary><c>lb.shutdown</c>.</summary>
    internal static class Shutdown
    {
        public static readonly ValueKey<TimeSpan> Drain =
            new("drain", DurationKinds.Within(TimeSpan.Zero, TimeSpan.FromDays(1)));

        public static readonly ValueKey<bool> KeepForwarding = new("keep-forwarding", TextKinds.Boolean);

        public static readonly SectionKey Key = new("shutdown", Section.Of(Drain, KeepForwarding));
    }
}
