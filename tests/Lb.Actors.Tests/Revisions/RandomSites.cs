using System.Collections.Immutable;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>Random sites that share names, so that two of them differ in every way a site can.</summary>
internal static class RandomSites
{
    private static readonly Gen<HealthConfig> s_health =
        from check in Gen.Elements<HealthCheck>(
            new HealthCheck.None(),
            new HealthCheck.TcpConnect(),
            new HealthCheck.HttpGet("/", null, [200]),
            new HealthCheck.HttpGet("/ready?x=\"1\"", "ä.example", [200, 204]))
        from fall in Gen.Choose(1, 3)
        select Configs.Health with { Check = check, Fall = fall };

    private static readonly Gen<BackendConfig> s_backend =
        from number in Gen.Choose(1, 6)
        from six in Gen.Elements(false, true)
        from port in Gen.Choose(1, 2)
        from weight in Gen.Choose(0, 2)
        from admin in Gen.Elements(BackendAdmin.Enabled, BackendAdmin.Drain, BackendAdmin.Disabled)
        from backup in Gen.Elements(false, true)
        from deadline in Gen.Elements<TimeSpan?>(null, TimeSpan.Zero, TimeSpan.FromMinutes(5))
        from id in Gen.Elements<ServerId?>(null, new ServerId([0x0a, 1]), new ServerId([0]))
        from tls in Gen.Elements(TlsMatch.Any, new TlsMatch(["a.example", "*.b.example"], []), new TlsMatch([], ["h2"]))
        select new BackendConfig(
            $"b{number}",
            six ? IPAddress.Parse($"fd00::{number}") : Configs.Address(number),
            (ushort)port,
            weight,
            admin)
        {
            Tls = tls,
            Backup = backup,
            ServerId = id,
            DrainDeadline = deadline,
        };

    private static readonly Gen<ServiceConfig> s_service =
        from name in Gen.Elements("web", "mail", "dns")
        from host in Gen.Choose(1, 3)
        from mode in Gen.Elements(ForwardingMode.Nat, ForwardingMode.DsrIpip, ForwardingMode.DsrGue, ForwardingMode.DsrL2, ForwardingMode.Tproxy)
        from guePort in Gen.Elements<ushort>(ForwardingModes.GuePort, 9886)
        from affinity in Gen.Elements(null, SourceAffinity.Default, new SourceAffinity(24, 64), new SourceAffinity(32, 64) { Timeout = TimeSpan.FromMinutes(5) })
        from quic in Gen.Elements<QuicRouting?>(null, new QuicRouting(0, 2), new QuicRouting(6, 15))
        from mss in Gen.Elements<ushort>(0, 1400)
        from hook in Gen.Elements(HookChoice.Auto, HookChoice.Xdp, HookChoice.Tc)
        from source in Gen.Elements(RelaySource.Client, RelaySource.Node)
        from balance in Gen.Elements(RelayBalance.Maglev, RelayBalance.PeakEwma)
        from engine in Gen.Elements(RelayTransfer.Loop, RelayTransfer.Sockmap)
        from most in Gen.Choose(0, 1)
        from proxy in Gen.Elements(
            RelayProxy.Off,
            new RelayProxy(
                ProxyAccept.Any, [System.Net.IPNetwork.Parse("10.0.0.0/8")], ProxySend.V2, ProxyTlvs.Crc32C | ProxyTlvs.Ssl))
        from seconds in Gen.Choose(4, 5)
        from udpIdle in Gen.Elements(30, 90)
        from tracking in Gen.Elements(Tracking.Minimal, Tracking.Full, Tracking.None)
        from dead in Gen.Elements(DeadFlows.Rehash, DeadFlows.Reset)
        from logging in Gen.Elements(FlowLogging.Off, FlowLogging.Sampled, FlowLogging.Full)
        from panic in Gen.Elements(0, 0.5)
        from protocol in Gen.Elements(TransportProtocol.Tcp, TransportProtocol.Udp, TransportProtocol.Sctp)
        from then in Gen.Elements(DrainThen.Reset, DrainThen.Keep)
        from minutes in Gen.Choose(1, 2)
        from backends in Gen.ListOf(s_backend)
        from health in s_health
        select new ServiceConfig(
            name,
            Configs.Vip with { Address = IPAddress.Parse($"192.0.2.{host}"), Protocol = protocol },
            mode,
            tracking,
            TimeSpan.FromMinutes(minutes),
            251,
            uint.MaxValue,
            backends.DistinctBy(backend => backend.Name)
                .ToImmutableSortedDictionary(backend => backend.Name, backend => backend, StringComparer.Ordinal),
            health)
        {
            Logging = logging,
            Pool = new PoolPolicy { PanicThreshold = panic, DrainDeadline = TimeSpan.FromSeconds(panic * 60), DrainThen = then, SlowStartFrom = panic + 0.1 },
            GuePort = guePort,
            Mss = mss,
            Datapath = hook,
            DeadFlows = dead,
            Affinity = affinity,
            Quic = quic,
            Relay = RelaySettings.Default with
            {
                Source = source,
                UdpIdleTimeout = TimeSpan.FromSeconds(udpIdle),
                Balance = balance,
                Transfer = engine,
                Limits = new RelayLimits { BackendConnections = most, DrainTimeout = TimeSpan.FromMinutes(most) },
                Outlier = new RelayOutlierSettings { Failures = most },
                Proxy = proxy,
                GreetingTimeout = TimeSpan.FromSeconds(seconds),
            },
        };

    public static Gen<SiteConfig> Site { get; } =
        from services in Gen.ListOf(s_service)
        from direct in Gen.Elements<string[]>([], ["10.0.0.0/8"], ["fd00::/8", "10.1.0.0/16"])
        from interval in Gen.Choose(1, 2)
        from limit in Gen.Elements(0, 0.25, 1)
        from sample in Gen.Elements(1, 100, 1000)
        select new SiteConfig(
            "test",
            [.. direct.Select(prefix => System.Net.IPNetwork.Parse(prefix))],
            services.DistinctBy(service => service.Name)
                .ToImmutableSortedDictionary(service => service.Name, service => service, StringComparer.Ordinal),
            new FlowsConfig(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(30)),
            TimeSpan.FromSeconds(interval))
        {
            Limits = new PlanLimits(1, limit),
            LogSample = sample,
        };
}
