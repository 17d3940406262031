using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What mode = full-nat asks of a service, and of the node's own addresses for it.</summary>
internal static class FullNatRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service)
    {
        if (service.Values.Find(ServiceKeys.Tracking) is { Value: Tracking.None } tracking)
        {
            yield return tracking.Error(
                "none remembers no flow, and mode = full-nat has to know the port that each flow has",
                "full, which mode = full-nat implies",
                "remove tracking, or write tracking = full where service-defaults says none");
        }
    }

    public static IEnumerable<ConfigIssue> Check(SectionValues fullNat, IReadOnlyCollection<ServiceDraft> services)
    {
        if (fullNat.Find(FullNatKeys.Addresses) is not { } addresses)
        {
            return [];
        }

        ImmutableArray<Located<IPAddress>> all = addresses.Value;
        return
        [
            .. all.GroupBy(address => address.Value).SelectMany(same => same.Skip(1)).Select(twice => twice.Error(
                $"{twice.Value} is listed twice", "each address once", "remove one of the two")),
            .. all.GroupBy(address => address.Value.AddressFamily).SelectMany(family => family.Skip(FullNatSource.Most).Take(1))
                .Select(more => more.Error(
                    $"{more.Value} is one too many", $"at most {FullNatSource.Most} addresses of a family", "remove some")),
            .. all.SelectMany(address => Taken(address, services)),
            .. services.SelectMany(service => Missing(addresses, service)),
        ];
    }

    private static IEnumerable<ConfigIssue> Taken(Located<IPAddress> address, IReadOnlyCollection<ServiceDraft> services)
    {
        if (services.FirstOrDefault(service => service.Has(address.Value)) is { } owner)
        {
            yield return address.Error(
                $"{address.Value} is the VIP of service {owner.Name} ({owner.Vip!.Origin})",
                "an address of the node that no service has, as backends send replies to it",
                "use another address of this node");
        }

        if (services.SelectMany(service => service.Backends)
            .FirstOrDefault(backend => address.Value.Equals(backend.Address?.Value)) is { } taken)
        {
            yield return address.Error(
                $"{address.Value} is backend {taken.Name} of service {taken.Service.Name} ({taken.Address!.Origin})",
                "an address of the node itself",
                "use another address of this node");
        }
    }

    private static IEnumerable<ConfigIssue> Missing(Located<ImmutableArray<Located<IPAddress>>> addresses, ServiceDraft service)
    {
        if (service is { Mode: ForwardingMode.FullNat, Vip: { } vip }
            && !addresses.Value.Any(address => address.Value.AddressFamily == vip.Value.AddressFamily))
        {
            string family = vip.Value.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
            yield return addresses.Error(
                $"there is no {family} address for service {service.Name} with mode = full-nat ({vip.Origin})",
                $"an {family} address of this node, from which its flows are sent",
                "add an address that backends have a route to and that this node alone has");
        }
    }
}
