using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Netlink;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads how backends are reached and who has the VIPs.</summary>
internal sealed class ReachReader(
    NetlinkSocket netlink,
    IReadOnlyList<LinkEntry> links,
    IReadOnlyList<(int InterfaceIndex, IPAddress Address)> addresses,
    HostScope scope)
{
    /// <summary>A neighbour that is alive answers much sooner; the kernel asks once a second.</summary>
    private static readonly TimeSpan BackendPatience = TimeSpan.FromMilliseconds(1500);

    /// <summary>The good answer is none, so that this time is always spent.</summary>
    private static readonly TimeSpan VipPatience = TimeSpan.FromMilliseconds(400);

    private readonly NeighbourProbe _probe = new(netlink);

    /// <summary>Looks the routes up, asks all neighbours, and waits for them.</summary>
    public (ImmutableArray<BackendFacts> Backends, ImmutableArray<VipFacts> Vips) Read()
    {
        (IPAddress Address, Route? Route)[] backends =
            [.. scope.Backends.Select(address => (address, RouteQueries.Find(netlink, address)))];
        (IPAddress Address, Route? Route)[] vips =
            [.. scope.Vips.Select(address => (address, RouteQueries.Find(netlink, address)))];
        LinkEntry[] segments = ClientSegments(backends.Select(pair => pair.Route));
        try
        {
            foreach (Route route in backends.Concat(vips.Where(vip => !vip.Address.Equals(vip.Route?.Via)))
                .Select(pair => pair.Route).OfType<Route>())
            {
                if (NeedsNeighbour(LinkOf(route)))
                {
                    _probe.Ask(route.InterfaceIndex, route.Via, BackendPatience, forget: false);
                }
            }

            foreach (IPAddress vip in scope.Vips)
            {
                foreach (LinkEntry link in segments)
                {
                    _probe.Ask(link.Index, vip, VipPatience, forget: true);
                }
            }

            _probe.Wait();
            return (
                [.. backends.Select(pair => Backend(pair.Address, pair.Route))],
                [.. vips.Select(pair => Vip(pair.Address, pair.Route, segments))]);
        }
        finally
        {
            _probe.Forget();
        }
    }

    private static bool NeedsNeighbour(LinkEntry? link) => link is not null
        && InterfaceReader.IsEthernet(link)
        && link.Flags.HasFlag(LinkFlags.Up)
        && !link.Flags.HasFlag(LinkFlags.NoArp);

    /// <summary>The site's links that clients arrive by: those that no backend is reached by, or all when none is left.</summary>
    private LinkEntry[] ClientSegments(IEnumerable<Route?> backends)
    {
        HashSet<int> exits = [.. backends.OfType<Route>().Select(route => route.InterfaceIndex)];
        LinkEntry[] listed = [.. links.Where(link => scope.Datapath.Interfaces.Contains(link.Name))];
        LinkEntry[] clients = [.. listed.Where(link => !exits.Contains(link.Index))];
        return [.. (clients.Length > 0 ? clients : listed)
            .Where(link => NeedsNeighbour(link) && link.Flags.HasFlag(LinkFlags.Carrier))];
    }

    private LinkEntry? LinkOf(Route route) => links.FirstOrDefault(link => link.Index == route.InterfaceIndex);

    private string? HolderOf(IPAddress address) => addresses
        .Where(pair => pair.Address.Equals(address))
        .Select(pair => links.FirstOrDefault(link => link.Index == pair.InterfaceIndex)?.Name)
        .FirstOrDefault();

    private BackendFacts Backend(IPAddress address, Route? route) => new(
        address,
        HolderOf(address) is not null,
        route is null || LinkOf(route) is not { } link
            ? null
            : new RouteFacts(link.Name, route.Via, _probe.Answered(route.InterfaceIndex, route.Via)));

    private VipFacts Vip(IPAddress vip, Route? route, IEnumerable<LinkEntry> segments)
    {
        string? holder = HolderOf(vip);
        PhysicalAddress? router = route is null || route.Via.Equals(vip)
            ? null
            : _probe.AddressOf(route.InterfaceIndex, route.Via);
        return new VipFacts(
            vip,
            holder,
            holder is not null || route is not null,
            [
                .. segments
                    .Select(link => (link.Name, By: _probe.AddressOf(link.Index, vip)))
                    .Where(claim => claim.By is not null)
                    .Select(claim => new VipClaim(claim.Name, claim.By!, claim.By!.Equals(router))),
            ]);
    }
}
