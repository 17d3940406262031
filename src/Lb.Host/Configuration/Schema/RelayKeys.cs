using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary><c>lb.service-defaults.relay</c> and <c>lb.services.NAME.relay</c>.</summary>
internal static class RelayKeys
{
    public static readonly ValueKey<RelaySource> Source = new(
        "source", TextKinds.Choice(("client", RelaySource.Client), ("node", RelaySource.Node)));

    public static readonly ValueKey<InterceptBy> Interception = new(
        "interception",
        TextKinds.Choice(("auto", InterceptBy.Auto), ("tproxy", InterceptBy.Tproxy), ("tc", InterceptBy.Tc),
            ("sk_lookup", InterceptBy.SkLookup)));

    public static readonly ValueKey<TimeSpan> ConnectTimeout = new(
        "connect-timeout", DurationKinds.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)));

    public static readonly ValueKey<TimeSpan> IdleTimeout = new(
        "idle-timeout", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)));

    public static readonly ValueKey<TimeSpan> UdpIdleTimeout = new(
        "udp-idle-timeout", DurationKinds.Within(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)));

    public static readonly ValueKey<long> Attempts = new("attempts", NumberKinds.Whole(1, 16));

    public static readonly ValueKey<long> Connections = new("connections", NumberKinds.Whole(1, 1_000_000));

    public static readonly ValueKey<TimeSpan> GreetingTimeout = new(
        "greeting-timeout", DurationKinds.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)));

    public static readonly SectionKey ProxyProtocol = new("proxy-protocol", Proxy.Section);

    public static readonly Section Section = new(
        [
            Source, Interception, ConnectTimeout, IdleTimeout, UdpIdleTimeout, Attempts, Connections, GreetingTimeout,
            ProxyProtocol, .. RelayPolicyKeys.Keys,
        ]);

    /// <summary><c>relay.proxy-protocol</c>.</summary>
    public static class Proxy
    {
        public static readonly ValueKey<ProxyAccept> Accept = new(
            "accept",
            TextKinds.Choice(
                ("off", ProxyAccept.Off), ("v1", ProxyAccept.V1), ("v2", ProxyAccept.V2), ("any", ProxyAccept.Any)));

        public static readonly ValueKey<ImmutableArray<Located<IPNetwork>>> Trusted = new(
            "trusted",
            new ListKind<IPNetwork>(
                AddressKinds.Prefix, 0, "an array of prefixes", "write as in [\"10.0.0.0/8\", \"fd00::/8\"]"));

        public static readonly ValueKey<ProxySend> Send = new(
            "send", TextKinds.Choice(("off", ProxySend.Off), ("v1", ProxySend.V1), ("v2", ProxySend.V2)));

        public static readonly ValueKey<ImmutableArray<Located<ProxyTlvs>>> SendTlvs = new(
            "send-tlvs",
            new ListKind<ProxyTlvs>(
                TextKinds.Choice(
                    ("alpn", ProxyTlvs.Alpn),
                    ("authority", ProxyTlvs.Authority),
                    ("unique-id", ProxyTlvs.UniqueId),
                    ("crc32c", ProxyTlvs.Crc32C),
                    ("ssl", ProxyTlvs.Ssl),
                    ("other", ProxyTlvs.Other)),
                0,
                "an array of alpn, authority, unique-id, crc32c, ssl and other",
                "write as in [authority, crc32c]"));

        public static readonly Section Section = Section.Of(Accept, Trusted, Send, SendTlvs);
    }
}
