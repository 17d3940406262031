using System.Diagnostics;
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

    /// <summary>How long what is known holds while nothing changes: then neighbours that grew stale are asked anew.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (NextHop Hop, long At)> _known = [];
    private IReadOnlySet<IPAddress> _local = new HashSet<IPAddress>();
    private long? _localAt;
    private readonly NetlinkSocket _socket = new();
    private readonly NetlinkMonitor _monitor;

    /// <summary>Starts to listen for changes.</summary>
    /// <param name="logger">For failures of listening.</param>
    public Neighbours(ILogger logger)
    {
        try
        {
            _monitor = new NetlinkMonitor(OnChanged, logger);
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
            if (_known.TryGetValue(address, out (NextHop Hop, long At) known) && Stopwatch.GetElapsedTime(known.At) < Memory)
            {
                return known.Hop;
            }

            Lookups++;
            NextHop? hop = RouteQueries.Find(_socket, address) is { } route
                && LinkQueries.Read(_socket, route.InterfaceIndex) is { } link
                && IsEthernet(link)
                && FindLinkLayerAddress(route, link) is { } destination
                ? new NextHop(
                    route.InterfaceIndex, link.Address, destination, route.Source, Math.Min(link.Mtu, route.Mtu ?? link.Mtu))
                {
                    IsGateway = !route.Via.Equals(address),
                }
                : null;
            if (hop is null)
            {
                _known.Remove(address);
            }
            else
            {
                _known[address] = (hop, Stopwatch.GetTimestamp());
            }

            return hop;
        }
    }

    /// <inheritdoc/>
    public IReadOnlySet<IPAddress> LocalAddresses()
    {
        lock (_gate)
        {
            if (_localAt is not { } at || Stopwatch.GetElapsedTime(at) >= Memory)
            {
                _local = AddressQueries.ReadAll(_socket);
                _localAt = Stopwatch.GetTimestamp();
            }

            return _local;
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

    /// <summary>How often the kernel was asked for a next hop.</summary>
    internal int Lookups { get; private set; }

    private void OnChanged()
    {
        lock (_gate)
        {
            // What is being looked up at this moment has the lock, and is forgotten with the rest.
            _known.Clear();
            _localAt = null;
        }

        Changed?.Invoke();
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
