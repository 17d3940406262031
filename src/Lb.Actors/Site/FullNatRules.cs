using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What must hold between services and the addresses that this node has for full-nat.</summary>
internal static class FullNatRules
{
    public static IEnumerable<string> Check(SiteConfig config, FullNatSettings fullNat) =>
    [
        .. config.Services.Values.Where(service => service.Mode == ForwardingMode.FullNat).SelectMany(s => Service(s, fullNat)),
        .. config.Services.Values.SelectMany(service => Taken(service, fullNat)),
    ];

    private static IEnumerable<string> Service(ServiceConfig service, FullNatSettings fullNat)
    {
        if (service.Tracking != Tracking.Full)
        {
            yield return $"service {service.Name}: full-nat tracks every flow, whose port it has to know";
        }

        if (!fullNat.Sources.Any(source => source.Address.AddressFamily == service.Vip.Address.AddressFamily))
        {
            yield return $"service {service.Name}: this node has no address of the family of {service.Vip} for full-nat "
                + "(full-nat.addresses)";
        }
    }

    private static IEnumerable<string> Taken(ServiceConfig service, FullNatSettings fullNat)
    {
        foreach (FullNatSource source in fullNat.Sources)
        {
            if (service.Vip.Covers(source.Address))
            {
                string vip = service.Vip.IsPrefix ? $"{source.Address} of its prefix {service.Vip.AddressText}" : $"its VIP {source.Address}";
                yield return $"service {service.Name}: {vip} is among this node's full-nat.addresses, which backends send replies to";
            }

            foreach (BackendConfig backend in service.Backends.Values.Where(b => b.Address.Equals(source.Address)))
            {
                yield return $"service {service.Name}: backend {backend.Name} has {source.Address}, which is among this node's "
                    + "full-nat.addresses";
            }
        }
    }
}
