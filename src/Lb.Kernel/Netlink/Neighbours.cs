using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Layout;
using Lb.Kernel.Netlink;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel;

/// <summary>Next hops as the host's routes and neighbour table have them, in the network namespace where it is made.</summary>
public sealed class Neighbours : INeighbours
{
    private static readonly PhysicalAddress Nobody = new(new byte[Mac.Size]);

    private readonly Lock _gate = new();
    private readonly NetlinkSocket _socket = new();
    private readonly NetlinkMonitor _monitor;

    /// <summary>Starts to listen for changes.</summary>
    /// <param name="logger">For failures of listening.</param>
    public Neighbours(ILogger logger)
    {
        try
        {
            _monitor = new NetlinkMonitor(() => Changed?.Invoke(), logger);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public NextHop? Resolve(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            return RouteQueries.Find(_socket, address) is { } route
                && LinkQueries.Read(_socket, route.InterfaceIndex) is { } link
                && IsEthernet(link)
                && FindLinkLayerAddress(route, link) is { } destination
                ? new NextHop(route.InterfaceIndex, link.Address, destination, route.Source, link.Mtu)
                {
                    IsGateway = !route.Via.Equals(address),
                }
                : null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlySet<IPAddress> LocalAddresses()
    {
        lock (_gate)
        {
            return AddressQueries.ReadAll(_socket);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor.Dispose();
        lock (_gate)
        {
            _socket.Dispose();
        }
    }

    private static bool IsEthernet(LinkState link) =>
        (link.Flags & (LinkFlags.Up | LinkFlags.Loopback)) == LinkFlags.Up
        && link.Address.GetAddressBytes().Length == Mac.Size;

    private PhysicalAddress? FindLinkLayerAddress(Route route, LinkState link)
    {
        if (link.Flags.HasFlag(LinkFlags.NoArp))
        {
            return Nobody; // whoever is at the other end takes every frame
        }

        Neighbour? neighbour = NeighbourQueries.Find(_socket, route.InterfaceIndex, route.Via);
        bool usable = neighbour is { Usable: true } && neighbour.Address.GetAddressBytes().Length == Mac.Size;
        if (!usable || neighbour!.State.HasFlag(NeighbourState.Stale))
        {
            // Packets forwarded by XDP do not make the kernel confirm the neighbour; this does.
            NeighbourQueries.Ask(_socket, route.InterfaceIndex, route.Via);
        }

        return usable ? neighbour!.Address : null;
    }
}
