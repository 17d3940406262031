using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Netlink;

namespace Lb.Kernel.Host.Reading;

/// <summary>
/// Reads how backends are reached and who has the VIPs: asks all neighbours when it is made, so that other facts can be
/// read while they answer.
/// </summary>
internal sealed class ReachReader : IDisposable
{
    /// <summary>A neighbour that is alive answers much sooner; the kernel asks once a second.</summary>
    private static readonly TimeSpan BackendPatience = TimeSpan.FromMilliseconds(1500);

    /// <summary>The good answer is none, so that this time is always spent.</summary>
    private static readonly TimeSpan VipPatience = TimeSpan.FromMilliseconds(300);

    private readonly NetlinkSocket _netlink;
    private readonly IReadOnlyList<LinkEntry> _links;
    private readonly IReadOnlyList<(int InterfaceIndex, IPAddress Address)> _addresses;
    private readonly NeighbourProbe _probe;
    private readonly (IPAddress Address, Route? Route)[] _backends;
    private readonly (IPAddress Address, Route? Route)[] _vips;
    private readonly LinkEntry[] _segments;

    public ReachReader(
        NetlinkSocket netlink,
        IReadOnlyList<LinkEntry> links,
        IReadOnlyList<(int InterfaceIndex, IPAddress Address)> addresses,
        HostScope scope)
    {
        _netlink = netlink;
        _links = links;
        _addresses = addresses;
        _probe = new NeighbourProbe(netlink);
        _backends = [.. scope.Backends.Select(WithRoute)];
        _vips = [.. scope.Vips.Select(WithRoute)];
        _segments = ClientSegments(scope.Datapath.Interfaces);
        AskBackends();
        AskForVips();
    }

    /// <summary>Names of the interfaces that backends are reached by.</summary>
    public IEnumerable<string> Exits => _backends
        .Select(backend => backend.Route is null ? null : LinkOf(backend.Route)?.Name)
        .OfType<string>();

    /// <summary>Waits for the answers.</summary>
    public (ImmutableArray<BackendFacts> Backends, ImmutableArray<VipFacts> Vips) Read()
    {
        _probe.Wait();
        return (
            [.. _backends.Select(pair => Backend(pair.Address, pair.Route))],
            [.. _vips.Select(pair => Vip(pair.Address, pair.Route))]);
    }

    /// <summary>Leaves the neighbour table without entries for VIPs.</summary>
    public void Dispose() => _probe.Forget();

    private (IPAddress Address, Route? Route) WithRoute(IPAddress address) =>
        (address, RouteQueries.Find(_netlink, address));

    private void AskBackends()
    {
        // A VIP is no backend, but the router towards it is worth knowing: it may answer for every address.
        foreach (Route route in _backends.Concat(_vips.Where(vip => !vip.Address.Equals(vip.Route?.Via)))
            .Select(pair => pair.Route)
            .OfType<Route>()
            .Where(route => NeedsNeighbour(LinkOf(route))))
        {
            _probe.Ask(route.InterfaceIndex, route.Via, BackendPatience, forget: false);
        }
    }

    private void AskForVips()
    {
        foreach ((IPAddress vip, _) in _vips)
        {
            foreach (LinkEntry link in _segments)
            {
                _probe.Ask(link.Index, vip, VipPatience, forget: true);
            }
        }
    }

    private static bool NeedsNeighbour(LinkEntry? link) => link is not null
        && InterfaceReader.IsEthernet(link)
        && link.Flags.HasFlag(LinkFlags.Up)
        && !link.Flags.HasFlag(LinkFlags.NoArp);

    /// <summary>
    /// The site's links that clients arrive by: those that no backend is reached by; all, where backends are behind each.
    /// </summary>
    private LinkEntry[] ClientSegments(IReadOnlyCollection<string> interfaces)
    {
        HashSet<string> exits = [.. Exits];
        bool shared = interfaces.All(exits.Contains);
        return
        [
            .. _links.Where(link => interfaces.Contains(link.Name)
                && (shared || !exits.Contains(link.Name))
                && NeedsNeighbour(link)
                && link.Flags.HasFlag(LinkFlags.Carrier)),
        ];
    }

    private LinkEntry? LinkOf(Route route) => _links.FirstOrDefault(link => link.Index == route.InterfaceIndex);

    private string? HolderOf(IPAddress address) => _addresses
        .Where(pair => pair.Address.Equals(address))
        .Select(pair => _links.FirstOrDefault(link => link.Index == pair.InterfaceIndex)?.Name)
        .FirstOrDefault();

    private BackendFacts Backend(IPAddress address, Route? route) => new(
        address,
        HolderOf(address) is not null,
        route is null || LinkOf(route) is not { } link
            ? null
            : new RouteFacts(link.Name, route.Via, _probe.Answered(route.InterfaceIndex, route.Via)));

    private VipFacts Vip(IPAddress vip, Route? route)
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
                .. _segments
                    .Select(link => (link.Name, By: _probe.AddressOf(link.Index, vip)))
                    .Where(claim => claim.By is not null)
                    .Select(claim => new VipClaim(claim.Name, claim.By!, claim.By!.Equals(router))),
            ]);
    }
}
