using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace Lb.Kernel;

/// <summary>Puts VIPs on interfaces for as long as they are renewed, and tells the network where they are.</summary>
public interface IVipAddresses : IDisposable
{
    /// <summary>Reads interfaces and addresses.</summary>
    /// <exception cref="KernelException">The kernel does not tell.</exception>
    VipHost Read();

    /// <summary>Puts an address on an interface, or renews one that is there.</summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    void Hold(int interfaceIndex, IPAddress vip, TimeSpan lifetime);

    /// <summary>Takes an address away, if it is there.</summary>
    /// <exception cref="KernelException">The kernel refuses.</exception>
    void Release(int interfaceIndex, IPAddress vip);

    /// <summary>
    /// Tells the network that an address is here: gratuitous ARP as a request and as a reply, or an unsolicited neighbour
    /// advertisement that overrides.
    /// </summary>
    /// <exception cref="KernelException">The kernel does not send it.</exception>
    void Announce(VipInterface at, IPAddress vip);
}

/// <summary>What of a host matters for its VIPs.</summary>
/// <param name="Interfaces">Interfaces by name.</param>
/// <param name="Addresses">Addresses of all interfaces.</param>
public sealed record VipHost(
    ImmutableDictionary<string, VipInterface> Interfaces, ImmutableArray<VipAddress> Addresses)
{
    /// <summary>Nothing is known of it.</summary>
    public static readonly VipHost Unknown = new(ImmutableDictionary<string, VipInterface>.Empty, []);
}

/// <summary>An interface that VIPs can be on.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its link-layer address; empty where it has none.</param>
/// <param name="IsUp">It is up and has a carrier.</param>
public sealed record VipInterface(int Index, string Name, PhysicalAddress Address, bool IsUp);

/// <summary>An address of an interface.</summary>
/// <param name="InterfaceIndex">Index of the interface.</param>
/// <param name="Network">The address's network.</param>
/// <param name="Address">The address.</param>
/// <param name="IsHeld">An announcer put it there, for a time.</param>
public sealed record VipAddress(int InterfaceIndex, IPNetwork Network, IPAddress Address, bool IsHeld);
