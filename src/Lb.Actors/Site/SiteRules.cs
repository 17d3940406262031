using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What a config must keep to so that the actors can carry it out, however it came to be.</summary>
internal static class SiteRules
{
    // A change leaves most services as they are, and what is wrong with one of them alone is found once.
    private static readonly ConditionalWeakTable<ServiceConfig, string[]> ByItself = [];

    /// <summary>All that is wrong.</summary>
    public static ImmutableArray<string> Check(
        SiteConfig config, string site, int serviceLimit, int backendLimit, FullNatSettings? fullNat = null) =>
    [
        .. Sizes(config, site, serviceLimit, backendLimit),
        .. SharedVips(config),
        .. RangeRules.Check(config),
        .. config.Services.Values.SelectMany(service => ByItself.GetValue(service, Alone)),
        .. ReplyRules.Check(config),
        .. fullNat is null ? [] : FullNatRules.Check(config, fullNat),
    ];

    private static IEnumerable<string> Sizes(SiteConfig config, string site, int serviceLimit, int backendLimit)
    {
        if (config.Name != site)
        {
            yield return $"the site is {site} and cannot become {config.Name} while it runs";
        }

        if (config.Services.Count > serviceLimit)
        {
            yield return $"{config.Services.Count} services, and kernel.max-services is {serviceLimit}";
        }

        int backends = config.Services.Values.Sum(service => service.Backends.Count);
        if (backends >= backendLimit)
        {
            yield return $"{backends} backends, and kernel.max-backends is {backendLimit}";
        }
    }

    private static IEnumerable<string> SharedVips(SiteConfig config) => config.Services.Values
        .GroupBy(service => service.Vip)
        .Where(same => same.Count() > 1)
        .Select(same => $"{same.Key} is the VIP of {string.Join(" and ", same.Select(service => service.Name))}");

    /// <summary>What is wrong with a service whatever stands beside it.</summary>
    private static string[] Alone(ServiceConfig service) =>
    [
        .. RangeRules.Service(service),
        .. Pool(service),
        .. Forwarding(service),
        .. service.Mode == ForwardingMode.Tproxy ? Relaying(service) : [],
    ];

    private static IEnumerable<string> Pool(ServiceConfig service)
    {
        if (service.Slots is < 0 or 1 or 2)
        {
            yield return $"service {service.Name}: a table cannot have {service.Slots} slots";
        }

        foreach (IGrouping<Endpoint, BackendConfig> same in service.Backends.Values
            .GroupBy(backend => ServiceState.SocketOf(service, backend))
            .Where(same => same.Count() > 1))
        {
            string names = string.Join(" and ", same.Select(backend => backend.Name));
            yield return $"service {service.Name}: backends {names} are both {same.Key}";
        }

        foreach (BackendConfig backend in service.Backends.Values
            .Where(backend => backend.Weight is < 0 or > Maglev.WeightLimit))
        {
            yield return $"service {service.Name}: backend {backend.Name} cannot have a weight of {backend.Weight}";
        }
    }

    /// <summary>What the forwarding mode cannot do. A file and runtime changes may be right each, and not together.</summary>
    private static IEnumerable<string> Forwarding(ServiceConfig service)
    {
        AddressFamily family = service.Vip.Address.AddressFamily;
        if (service.Vip.Protocol == TransportProtocol.Sctp && !service.Mode.IsDsr())
        {
            yield return $"service {service.Name}: {service.Mode.Name()} cannot have {service.Vip}, whose checksum covers what it would change";
        }

        foreach (BackendConfig backend in service.Backends.Values)
        {
            bool same = backend.Address.AddressFamily == family;
            if (service.Mode is ForwardingMode.Nat or ForwardingMode.FullNat && !same)
            {
                yield return $"service {service.Name}: backend {backend.Name} ({backend.Address}) is not of the "
                    + $"family of {service.Vip}, which {service.Mode.Name()} needs";
            }

            if (service.Mode == ForwardingMode.DsrIpip && !same && family == AddressFamily.InterNetworkV6)
            {
                yield return $"service {service.Name}: backend {backend.Name} ({backend.Address}) is IPv4, and "
                    + $"{service.Vip} is IPv6, which dsr-ipip cannot put into IPv4";
            }

            if (service.Mode.IsDsr() && backend.Port != (service.Vip.LastPort == 0 ? service.Vip.Port : 0))
            {
                yield return $"service {service.Name}: backend {backend.Name} has port {backend.Port}, and {service.Mode.Name()} "
                    + $"leaves the service's port {service.Vip.PortText} as it is";
            }
        }
    }

    private static IEnumerable<string> Relaying(ServiceConfig service)
    {
        if (service.Tracking != Tracking.None)
        {
            yield return $"service {service.Name}: a relay knows its connections, and tproxy tracks none";
        }

        foreach (BackendConfig backend in service.Backends.Values.Where(backend =>
            service.Relay.Source == RelaySource.Client
            && backend.Address.AddressFamily != service.Vip.Address.AddressFamily))
        {
            yield return $"service {service.Name}: backend {backend.Name} ({backend.Address}) is not of the family of "
                + $"{service.Vip}, and so cannot be reached from a client's address";
        }
    }
}
