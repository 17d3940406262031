using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Who owns the replies of a nat backend. They are recognised by the backend's address and port alone, so that two
/// services cannot have one backend, whatever its weight.
/// </summary>
internal static class NatClaims
{
    /// <summary>Why a service cannot stand beside the others; null when it can.</summary>
    /// <remarks>A leftover never stands in the way: it has left the config, and gives its claim up.</remarks>
    public static string? Clash(DesiredService service, IEnumerable<DesiredService> others)
    {
        if (!service.UsesNat)
        {
            return null;
        }

        HashSet<Endpoint> wanted = [.. Configured(service)];
        foreach (DesiredService other in others)
        {
            if (other.Vip == service.Vip || !other.UsesNat)
            {
                continue;
            }

            foreach (Endpoint socket in Configured(other))
            {
                if (wanted.Contains(socket))
                {
                    return $"its nat backend {socket} is one of {other.Vip} already";
                }
            }
        }

        return null;
    }

    /// <summary>The VIP of each nat backend's replies: that of the config, else of the first leftover.</summary>
    public static Dictionary<Endpoint, Endpoint> Of(IReadOnlyCollection<DesiredService> services)
    {
        Dictionary<Endpoint, Endpoint> claims = [];
        foreach (DesiredService service in services.Where(service => service.UsesNat))
        {
            foreach (Endpoint socket in Configured(service))
            {
                claims.TryAdd(socket, service.Vip);
            }
        }

        foreach (DesiredService service in services
            .Where(service => service.UsesNat)
            .OrderBy(service => service.Vip.ToString(), StringComparer.Ordinal))
        {
            foreach (DesiredBackend backend in service.Backends.Where(backend => backend.Leftover))
            {
                claims.TryAdd(backend.Socket, service.Vip);
            }
        }

        return claims;
    }

    private static IEnumerable<Endpoint> Configured(DesiredService service) =>
        service.Backends.Where(backend => !backend.Leftover).Select(backend => backend.Socket);
}
