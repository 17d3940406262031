using System.Net;
using Lb.Netns.Tests.Node;

namespace Lb.Netns.Tests.Topologies;

/// <summary>A way from client to backend: forwarding mode, VIP, and the family that backends are reached over.</summary>
internal sealed record Route(string Name, string Mode, IPAddress Vip, int Port, bool OverV6)
{
    private static readonly Route[] Known =
    [
        new("nat-v4", "nat", Addresses.NatVip4, Addresses.ServicePort, OverV6: false),
        new("nat-v6", "nat", Addresses.NatVip6, Addresses.ServicePort, OverV6: true),
        new("dsr-v4", "dsr-ipip", Addresses.DsrVip4, Addresses.ServerPort, OverV6: false),
        new("dsr-v6", "dsr-ipip", Addresses.DsrVip6, Addresses.ServerPort, OverV6: true),
        new("dsr-v4-in-v6", "dsr-ipip", Addresses.MixedVip4, Addresses.ServerPort, OverV6: true),
        new("gue-v4", "dsr-gue", Addresses.GueVip4, Addresses.ServerPort, OverV6: false),
        new("gue-v6", "dsr-gue", Addresses.GueVip6, Addresses.ServerPort, OverV6: true),
        new("gue-v4-in-v6", "dsr-gue", Addresses.MixedGueVip4, Addresses.ServerPort, OverV6: true),
        new("gue-v6-in-v4", "dsr-gue", Addresses.MixedGueVip6, Addresses.ServerPort, OverV6: false),
        new("l2-v4", "dsr-l2", Addresses.L2Vip4, Addresses.ServerPort, OverV6: false),
        new("l2-v6", "dsr-l2", Addresses.L2Vip6, Addresses.ServerPort, OverV6: true),
    ];

    private static readonly Route[] s_unchanged = [.. Known.Where(r => r.Mode != "nat")];

    private static readonly Route[] Relays =
    [
        new("tproxy-v4", "tproxy", Addresses.RelayVip4, Addresses.ServicePort, OverV6: false),
        new("tproxy-v6", "tproxy", Addresses.RelayVip6, Addresses.ServicePort, OverV6: true),
    ];

    /// <summary>Names of the routes that a relay carries, for theories.</summary>
    public static TheoryData<string> Relayed => [.. Relays.Select(r => r.Name)];

    /// <summary>Names of all routes that the program forwards, for theories.</summary>
    public static TheoryData<string> All => [.. Known.Select(r => r.Name)];

    /// <summary>Those of them on which a packet stays as its client has sent it.</summary>
    public static TheoryData<string> Unchanged => [.. s_unchanged.Select(r => r.Name)];

    public static Route Of(string name) => Known.Concat(Relays).Single(r => r.Name == name);

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint => new(Vip, Port);

    /// <summary>A service on this route with these backends.</summary>
    public ServiceSpec Service(string protocol, IEnumerable<Backend> backends) =>
        new ServiceSpec($"{Name}-{protocol}", Mode, protocol, Vip, Port).AddAll(backends, OverV6);

    /// <summary>A site that has all routes for these protocols.</summary>
    public static SiteSpec FullSite(Topology topology, params string[] protocols) =>
        Known.SelectMany(r => protocols.Select(p => r.Service(p, topology.Backends)))
            .Aggregate(new SiteSpec(topology.Site), (site, service) => site.Add(service));

    /// <summary>The SCTP service of every route that can have one.</summary>
    public static IEnumerable<ServiceSpec> SctpServices(Topology topology) =>
        s_unchanged.Select(route => route.Service("sctp", topology.Backends));

    /// <summary>A site with the one UDP service of this route.</summary>
    public SiteSpec UdpSite(Topology topology, int backends) =>
        new SiteSpec(topology.Site).Add(Service("udp", topology.Backends.Take(backends)));

    /// <summary>A site with the one TCP service of this route.</summary>
    public SiteSpec TcpSite(Topology topology, int backends) =>
        new SiteSpec(topology.Site).Add(Service("tcp", topology.Backends.Take(backends)));
}
