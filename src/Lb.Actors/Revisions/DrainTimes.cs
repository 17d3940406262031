using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Since when backends take no new flows because the operator has them drain, or because they have left the config. It follows
/// from all revisions, so every node that has read them knows the same, also after a restart. Pure.
/// </summary>
/// <param name="Services">By service; one without such backends is not there.</param>
public sealed record DrainTimes(ImmutableSortedDictionary<string, ImmutableDictionary<Endpoint, DateTimeOffset>> Services)
{
    /// <summary>How long it is remembered of a backend that is not in the config any more: longer than any deadline.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private static readonly ImmutableDictionary<Endpoint, DateTimeOffset> s_nobody =
        ImmutableDictionary<Endpoint, DateTimeOffset>.Empty;

    /// <summary>Nobody drains.</summary>
    public static DrainTimes None { get; } = new(
        ImmutableSortedDictionary.Create<string, ImmutableDictionary<Endpoint, DateTimeOffset>>(StringComparer.Ordinal));

    /// <summary>Those of a service.</summary>
    public ImmutableDictionary<Endpoint, DateTimeOffset> Of(string service) => Services.GetValueOrDefault(service, s_nobody);

    /// <summary>The same after a revision.</summary>
    /// <param name="before">The site before it.</param>
    /// <param name="after">The site after it.</param>
    /// <param name="changes">What it changed.</param>
    /// <param name="when">When it was made.</param>
    public DrainTimes After(SiteConfig before, SiteConfig after, ImmutableArray<SiteChange> changes, DateTimeOffset when)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var services = Services;
        foreach (string name in changes
            .Where(change => change.Scope is ["services", ..])
            .Select(change => change.Scope[1])
            .Distinct(StringComparer.Ordinal))
        {
            if (!after.Services.TryGetValue(name, out ServiceConfig? now))
            {
                services = services.Remove(name);
                continue;
            }

            ServiceConfig? old = before.Services.GetValueOrDefault(name) is { } known && known.Vip == now.Vip ? known : null;
            var times = Of(old, now, old is null ? s_nobody : Of(name), when);
            services = times.IsEmpty ? services.Remove(name) : services.SetItem(name, times);
        }

        return services == Services ? this : new DrainTimes(services);
    }

    private static ImmutableDictionary<Endpoint, DateTimeOffset> Of(
        ServiceConfig? old, ServiceConfig now, ImmutableDictionary<Endpoint, DateTimeOffset> since, DateTimeOffset when)
    {
        if (ReferenceEquals(old?.Backends, now.Backends))
        {
            return since;
        }

        var before = BySocket(old);
        var after = BySocket(now);
        ImmutableDictionary<Endpoint, DateTimeOffset>.Builder times = ImmutableDictionary.CreateBuilder<Endpoint, DateTimeOffset>();
        foreach ((Endpoint socket, BackendConfig backend) in after)
        {
            if (backend.Admin == BackendAdmin.Drain)
            {
                // One that is given another time begins anew.
                bool goesOn = before.GetValueOrDefault(socket) is { Admin: BackendAdmin.Drain } was
                    && was.DrainDeadline == backend.DrainDeadline;
                times[socket] = goesOn ? since.GetValueOrDefault(socket, when) : when;
            }
        }

        foreach (Endpoint gone in before.Keys.Concat(since.Keys).Where(socket => !after.ContainsKey(socket)).Distinct())
        {
            DateTimeOffset left = since.GetValueOrDefault(gone, when);
            if (when - left < Longest)
            {
                times[gone] = left;
            }
        }

        return times.ToImmutable();
    }

    private static Dictionary<Endpoint, BackendConfig> BySocket(ServiceConfig? service) => service is null
        ? []
        : service.Backends.Values.ToDictionary(backend => ServiceState.SocketOf(service, backend));
}
