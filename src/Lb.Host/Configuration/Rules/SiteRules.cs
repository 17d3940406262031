using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What must hold between the services of a site.</summary>
internal static class SiteRules
{
    public static IEnumerable<ConfigIssue> Check(IReadOnlyCollection<ServiceDraft> services) =>
        [.. SameVip(services), .. RangeRules.Ambiguous(services), .. AmbiguousReplies(services), .. BackendIsVip(services)];

    private static IEnumerable<ConfigIssue> SameVip(IReadOnlyCollection<ServiceDraft> services)
    {
        foreach (var same in services.Where(s => s.Endpoint is not null).GroupBy(s => s.Endpoint))
        {
            ServiceDraft first = same.First();
            foreach (ServiceDraft service in same.Skip(1))
            {
                yield return service.Vip!.Error(
                    $"{same.Key} of service {service.Name} is that of service {first.Name} ({first.Vip!.Origin})",
                    "each VIP, protocol and port in one service",
                    $"change vip, protocol or port of {service.Name} or {first.Name}");
            }
        }
    }

    /// <summary>
    /// A reply is recognised by the backend's address, port and protocol alone, so these lead to one VIP.
    /// Two backends within one service are a fault of its pool.
    /// </summary>
    private static IEnumerable<ConfigIssue> AmbiguousReplies(IReadOnlyCollection<ServiceDraft> services)
    {
        BackendDraft[] nat = [.. services
            .Where(s => s.Mode == ForwardingMode.Nat || IsClientSourced(s))
            .OrderBy(s => s.Mode == ForwardingMode.Tproxy)
            .SelectMany(s => s.Backends.DistinctBy(b => b.Endpoint))
            .Where(b => b.Endpoint is not null)];
        foreach (ConfigIssue issue in RangeRules.AmbiguousReplies(nat))
        {
            yield return issue;
        }

        foreach (var same in nat.Where(b => b.Endpoint!.Value.Port != 0).GroupBy(b => b.Endpoint))
        {
            BackendDraft first = same.First();
            if (IsClientSourced(first.Service))
            {
                continue; // Each connection of a relay has a socket: they are told apart.
            }

            foreach (BackendDraft backend in same.Skip(1).Where(b => IsClientSourced(b.Service)))
            {
                yield return backend.Address!.Error(
                    $"{same.Key} of tproxy service {backend.Service.Name} is a backend of nat service "
                    + $"{first.Service.Name} too ({first.Address!.Origin}), which would take its replies to clients",
                    "a backend address, port and protocol that no nat service has",
                    $"let the backend listen on another port for {backend.Service.Name}, or use relay.source = node");
            }

            foreach (BackendDraft backend in same.Skip(1).Where(b => !IsClientSourced(b.Service)))
            {
                yield return backend.Address!.Error(
                    $"{same.Key} of nat service {backend.Service.Name} is a backend of nat service "
                    + $"{first.Service.Name} too ({first.Address!.Origin}), so its replies could belong to either VIP",
                    "each backend address, port and protocol in one nat service",
                    $"let the backend listen on another port for {backend.Service.Name}, or use mode = dsr-ipip "
                    + "for one of the two");
            }
        }
    }

    /// <summary>Its backends answer to clients' addresses, as those of nat do.</summary>
    private static bool IsClientSourced(ServiceDraft service) =>
        service.Mode == ForwardingMode.Tproxy
        && service.Values.Get(ServiceKeys.Relay).Find(RelayKeys.Source) is { Value: RelaySource.Client };

    private static IEnumerable<ConfigIssue> BackendIsVip(IReadOnlyCollection<ServiceDraft> services)
    {
        ImmutableDictionary<IPAddress, ServiceDraft> vips = services
            .Where(s => s.Vip is not null)
            .DistinctBy(s => s.Vip!.Value)
            .ToImmutableDictionary(s => s.Vip!.Value);
        ServiceDraft[] prefixes = [.. services.Where(s => s.Endpoint is { IsPrefix: true })];
        foreach (BackendDraft backend in services.SelectMany(s => s.Backends))
        {
            if (backend.Address is not { } address)
            {
                continue;
            }

            if (vips.TryGetValue(address.Value, out ServiceDraft? service)
                || (service = prefixes.FirstOrDefault(s => s.Has(address.Value))) is not null)
            {
                string what = service.Vip!.Value.Equals(address.Value) ? "the VIP" : "inside the prefix of VIPs";
                yield return address.Error(
                    $"{address.Value} is {what} of service {service.Name} ({service.Vip!.Origin})",
                    "the backend's own address",
                    "write the address that the backend has on its own interface");
            }
        }
    }
}
