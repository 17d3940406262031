using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Who owns the replies of nat backends. They are recognised by the backend's address and port alone, so that two
/// services cannot have one backend, whatever its weight, unless they have other ports of it.
/// </summary>
internal sealed class NatClaims
{
    private readonly Dictionary<Endpoint, Endpoint> _owners = [];

    /// <summary>All claims by address, where there are ranges of ports, which may overlap.</summary>
    private readonly Dictionary<(IPAddress, TransportProtocol), List<ReplySide>>? _near;

    private NatClaims(IReadOnlyCollection<DesiredService> services)
    {
        DesiredService[] nat = [.. services.Where(service => service.UsesNat)];
        _near = nat.Any(service => service.Vip.IsRange) ? [] : null;
        foreach (DesiredService service in nat)
        {
            foreach (ReplySide side in Configured(service))
            {
                Claim(side);
            }
        }

        foreach (DesiredService service in nat.OrderBy(service => service.Vip.ToString(), StringComparer.Ordinal))
        {
            foreach (DesiredBackend backend in service.Backends.Where(backend => backend.Leftover))
            {
                if (ReplyRule.Of(service.Vip, backend.Socket) is { } side)
                {
                    Claim(side);
                }
            }
        }
    }

    /// <summary>Why a service cannot stand beside the others; null when it can.</summary>
    /// <remarks>A leftover never stands in the way: it has left the config, and gives its claim up.</remarks>
    public static string? Clash(DesiredService service, IEnumerable<DesiredService> others)
    {
        if (!service.UsesNat)
        {
            return null;
        }

        ILookup<(IPAddress, TransportProtocol), ReplySide> wanted = Configured(service).ToLookup(Place);
        foreach (DesiredService other in others)
        {
            if (other.Vip == service.Vip || !other.UsesNat)
            {
                continue;
            }

            foreach (ReplySide taken in Configured(other))
            {
                foreach (ReplySide side in wanted[Place(taken)])
                {
                    if (ReplyRule.IsAmbiguous(side, taken))
                    {
                        return side.Source == taken.Source
                            ? $"its nat backend {side.Source} is one of {other.Vip} already"
                            : $"its nat backend {side.Source} shares ports with {taken.Source} of {other.Vip}, whose replies could not be told apart";
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The claims of these services: those of the config, then those of leftovers, of which the first has it.</summary>
    public static NatClaims Of(IReadOnlyCollection<DesiredService> services) => new(services);

    /// <summary>Whether replies of a backend are those of a service that it belongs to.</summary>
    public bool Owns(Endpoint vip, Endpoint backend) =>
        ReplyRule.Of(vip, backend) is not { } side || (_owners.TryGetValue(side.Source, out Endpoint owner) && owner == vip);

    private static IEnumerable<ReplySide> Configured(DesiredService service) => service.Backends
        .Where(backend => !backend.Leftover)
        .Select(backend => ReplyRule.Of(service.Vip, backend.Socket))
        .OfType<ReplySide>();

    private static (IPAddress Address, TransportProtocol Protocol) Place(ReplySide side) => (side.Source.Address, side.Source.Protocol);

    private void Claim(ReplySide side)
    {
        if (_owners.ContainsKey(side.Source))
        {
            return;
        }

        if (_near is not null)
        {
            if (!_near.TryGetValue(Place(side), out List<ReplySide>? near))
            {
                _near.Add(Place(side), near = []);
            }

            if (near.Exists(other => ReplyRule.IsAmbiguous(side, other)))
            {
                return;
            }

            near.Add(side);
        }

        _owners.Add(side.Source, side.Vip);
    }
}
