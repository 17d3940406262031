using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Where VIPs belong on a host.</summary>
public static class VipPlaces
{
    /// <summary>
    /// The interfaces among those listed whose network has the VIP; where there is none, the first that is there.
    /// </summary>
    public static ImmutableArray<VipInterface> Of(IPAddress vip, VipHost host, ImmutableArray<string> listed)
    {
        ArgumentNullException.ThrowIfNull(host);
        ImmutableArray<VipInterface> there =
            [.. listed.Select(name => host.Interfaces.GetValueOrDefault(name)).OfType<VipInterface>()];
        ImmutableArray<VipInterface> near = [.. there.Where(place => IsOf(vip, place, host))];
        return near.IsEmpty ? [.. there.Take(1)] : near;
    }

    /// <summary>Whether a VIP is of a network that an interface is in.</summary>
    public static bool IsOf(IPAddress vip, VipInterface place, VipHost host)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(host);
        return host.Addresses.Any(address =>
            address.InterfaceIndex == place.Index && !address.IsHeld && !address.Address.Equals(vip)
            && Covers(address.Network, vip));
    }

    /// <summary>Whether the host has the address by itself, wherever: it is not an announcer's to put or to take.</summary>
    public static bool IsHosts(IPAddress vip, VipHost host) =>
        host is not null && host.Addresses.Any(address => address.Address.Equals(vip) && !address.IsHeld);

    private static bool Covers(IPNetwork network, IPAddress address) =>
        network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);
}
