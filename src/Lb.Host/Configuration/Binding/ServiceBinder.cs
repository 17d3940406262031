using System.Collections.Immutable;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Makes the records of services from sections that were found right.</summary>
internal static class ServiceBinder
{
    public static ServiceConfig Bind(ServiceDraft service, uint seed)
    {
        SectionValues values = service.Values;
        return new ServiceConfig(
            service.Name,
            service.Endpoint!.Value,
            values.Get(ServiceKeys.Mode),
            TrackingOf(values),
            values.Get(ServiceKeys.FlowMemory),
            (int)values.Get(ServiceKeys.Slots),
            seed,
            service.Backends.Select(Bind).ToImmutableSortedDictionary(b => b.Name, b => b, StringComparer.Ordinal),
            Bind(service.Health))
        {
            GuePort = (ushort)values.Get(ServiceKeys.GuePort),
            Mss = (ushort)values.Get(ServiceKeys.Mss),
            Datapath = values.Get(ServiceKeys.Datapath),
            DeadFlows = values.Get(ServiceKeys.DeadFlows),
            Affinity = AffinityOf(values),
            Quic = QuicOf(values.Get(ServiceKeys.Quic)),
            Logging = values.Get(ServiceKeys.FlowLog),
            Pool = PoolBinder.Bind(values),
            Relay = RelayPolicyBinder.Bind(BindRelay(values.Get(ServiceKeys.Relay)), values.Get(ServiceKeys.Relay)),
        };
    }

    private static QuicRouting? QuicOf(SectionValues quic) => quic.Get(QuicKeys.ServerIdLength) is var length and > QuicKeys.Off
        ? new QuicRouting((int)quic.Get(QuicKeys.ConfigId), (int)length)
        : null;

    private static SourceAffinity? AffinityOf(SectionValues values) => values.Get(ServiceKeys.Affinity)
        ? new SourceAffinity((int)values.Get(ServiceKeys.AffinityPrefix4), (int)values.Get(ServiceKeys.AffinityPrefix6))
        {
            Timeout = values.Get(ServiceKeys.AffinityTimeout),
        }
        : null;

    /// <summary>
    /// A relay knows its connections; full-nat has to know every flow, and so has affinity over changes of the table, where
    /// flows are not where their slot says.
    /// </summary>
    private static Tracking TrackingOf(SectionValues values) => values.Get(ServiceKeys.Mode) switch
    {
        ForwardingMode.Tproxy => Tracking.None,
        ForwardingMode.FullNat => Tracking.Full,
        _ when values.Get(ServiceKeys.AffinityTimeout) > TimeSpan.Zero => Tracking.Full,
        _ => values.Get(ServiceKeys.Tracking),
    };

    private static BackendConfig Bind(BackendDraft backend)
    {
        return new BackendConfig(
            backend.Name,
            backend.Values.Get(BackendKeys.Address),
            (ushort)backend.Port!.Value,
            (int)backend.Weight!.Value,
            backend.Values.Find(BackendKeys.Admin)?.Value ?? BackendAdmin.Enabled)
        {
            DrainDeadline = backend.Values.Find(BackendKeys.DrainDeadline)?.Value,
            Backup = backend.Values.Find(BackendKeys.Backup)?.Value ?? false,
            ServerId = backend.Values.Find(QuicKeys.ServerId)?.Value,
            Tls = new TlsMatch(
                Values(backend.Values.Find(BackendKeys.TlsNames)), Values(backend.Values.Find(BackendKeys.Alpn))),
        };
    }

    private static ImmutableArray<T> Values<T>(Located<ImmutableArray<Located<T>>>? list) =>
        list is null ? [] : [.. list.Value.Select(element => element.Value)];

    private static RelaySettings BindRelay(SectionValues relay)
    {
        return new RelaySettings(
            relay.Get(RelayKeys.Source),
            relay.Get(RelayKeys.ConnectTimeout),
            relay.Get(RelayKeys.IdleTimeout),
            (int)relay.Get(RelayKeys.Attempts),
            (int)relay.Get(RelayKeys.Connections))
        {
            GreetingTimeout = relay.Get(RelayKeys.GreetingTimeout),
            Proxy = BindProxy(relay.Get(RelayKeys.ProxyProtocol)),
            UdpIdleTimeout = relay.Get(RelayKeys.UdpIdleTimeout),
            Interception = relay.Get(RelayKeys.Interception),
        };
    }

    private static RelayProxy BindProxy(SectionValues proxy) => new(
        proxy.Get(RelayKeys.Proxy.Accept),
        Values(proxy.Find(RelayKeys.Proxy.Trusted)),
        proxy.Get(RelayKeys.Proxy.Send),
        Values(proxy.Find(RelayKeys.Proxy.SendTlvs)).Aggregate(ProxyTlvs.None, (all, tlv) => all | tlv));

    private static HealthConfig Bind(SectionValues health)
    {
        return new HealthConfig(
            health.Get(HealthKeys.Check) switch
            {
                CheckKind.Http => new HealthCheck.HttpGet(
                    health.Get(HealthKeys.Path),
                    health.Get(HealthKeys.Host),
                    [.. health.Get(HealthKeys.Expect).Select(s => (int)s.Value)]),
                CheckKind.Tcp => new HealthCheck.TcpConnect(),
                _ => new HealthCheck.None(),
            },
            (ushort)health.Get(HealthKeys.Port),
            health.Get(HealthKeys.Interval),
            health.Get(HealthKeys.Timeout),
            (int)health.Get(HealthKeys.Rise),
            (int)health.Get(HealthKeys.Fall),
            health.Get(HealthKeys.Jitter));
    }
}
