using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>A backend that drains or has left the config, as it is stored. Its protocol is its service's.</summary>
internal sealed record DrainRecord(string Address, ushort Port, DateTimeOffset Since)
{
    /// <summary>Those of a site; null when there is none.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<DrainRecord>>? Of(DrainTimes times) => times.Services.IsEmpty
        ? null
        : times.Services.ToImmutableSortedDictionary(
            service => service.Key,
            service => ImmutableArray.CreateRange(service.Value
                .Select(drain => new DrainRecord(drain.Key.Address.ToString(), drain.Key.Port, drain.Value.ToUniversalTime()))
                .OrderBy(drain => drain.Address, StringComparer.Ordinal)
                .ThenBy(drain => drain.Port)),
            StringComparer.Ordinal);

    public static DrainTimes ToTimes(
        ImmutableSortedDictionary<string, ImmutableArray<DrainRecord>>? stored, SiteConfig site) => stored is null
        ? DrainTimes.None
        : new DrainTimes(stored
            .Where(service => site.Services.ContainsKey(service.Key))
            .ToImmutableSortedDictionary(
                service => service.Key,
                service => service.Value.ToImmutableDictionary(
                    drain => new Endpoint(
                        IPAddress.Parse(drain.Address), drain.Port, site.Services[service.Key].Vip.Protocol),
                    drain => drain.Since),
                StringComparer.Ordinal));
}
