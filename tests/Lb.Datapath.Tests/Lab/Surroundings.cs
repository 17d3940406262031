using System.Net;
using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Testing;

namespace Lb.Datapath.Tests.Lab;

/// <summary>
/// A network namespace whose routing tables answer bpf_fib_lookup: a link to the clients' gateway, where packets
/// come in, and one to the backends. Nothing is ever sent.
/// </summary>
internal sealed class Surroundings : IDisposable
{
    private static readonly IPNetwork[] Known =
        [IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("2001:db8:c::/64")];

    private static readonly IPNetwork[] Narrow =
        [IPNetwork.Parse("198.51.100.192/28"), IPNetwork.Parse("2001:db8:c::1:0/112")];

    private static readonly IPNetwork[] OnLink = [IPNetwork.Parse("10.2.0.0/16"), IPNetwork.Parse("2001:db8:2::/64")];

    private static readonly IPAddress[] Gateways = [IPAddress.Parse("10.2.0.1"), IPAddress.Parse("2001:db8:2::1")];

    /// <summary>On the link, but the node's own, broadcast or anycast.</summary>
    private static readonly IPAddress[] NotForwarded =
    [
        IPAddress.Parse("10.2.0.2"), IPAddress.Parse("10.2.255.255"),
        IPAddress.Parse("2001:db8:2::"), IPAddress.Parse("2001:db8:2::2"),
    ];

    /// <summary>Longest packet on the way to clients that are behind a narrow route.</summary>
    public const int NarrowMtu = 1400;

    private readonly TestNamespace _namespace = TestNamespace.Create("lbdp");

    public Surroundings()
    {
        try
        {
            Build();
            Front = IndexOf("front");
            Back = IndexOf("back");
        }
        catch
        {
            _namespace.Dispose();
            throw;
        }
    }

    /// <summary>Interface index of the clients' side.</summary>
    public int Front { get; }

    /// <summary>Interface index of the backends' side.</summary>
    public int Back { get; }

    /// <summary>What the namespace knows about an address, for the model.</summary>
    public Route RouteTo(IPAddress address)
    {
        if (Gateways.Contains(address) || Known.Any(prefix => prefix.Contains(address)))
        {
            int mtu = Narrow.Any(prefix => prefix.Contains(address)) ? NarrowMtu : Scene.Mtu;
            return Route.Via(Front, Roles.NodeMac, Roles.GatewayMac, mtu);
        }

        return OnLink.Any(prefix => prefix.Contains(address)) && !NotForwarded.Contains(address)
            ? Route.NoNeighbour(Scene.Mtu)
            : Route.None;
    }

    public void Invoke(Action action) => _namespace.Invoke(action);

    public void Dispose() => _namespace.Dispose();

    private static string Text(Mac mac) => string.Join(':', mac.ToBytes().Select(b => b.ToString("x2")));

    private void Build()
    {
        string gateway = Text(Roles.GatewayMac);
        _namespace.Run("sysctl", "-qw", "net.ipv4.conf.all.forwarding=1", "net.ipv6.conf.all.forwarding=1");
        _namespace.Ip("link add front type veth peer name front-peer");
        _namespace.Ip("link add back type veth peer name back-peer");
        _namespace.Ip($"link set front address {Text(Roles.NodeMac)}");
        foreach (string link in (string[])["front", "front-peer", "back", "back-peer"])
        {
            _namespace.Ip($"link set {link} mtu {Scene.Mtu} up");
        }

        _namespace.Ip("addr add 10.2.0.2/16 dev front");
        _namespace.Ip("addr add 2001:db8:2::2/64 dev front nodad");
        _namespace.Ip($"neigh add 10.2.0.1 lladdr {gateway} nud permanent dev front");
        _namespace.Ip($"neigh add 2001:db8:2::1 lladdr {gateway} nud permanent dev front");
        _namespace.Ip("route add 198.51.100.0/24 via 10.2.0.1");
        _namespace.Ip("-6 route add 2001:db8:c::/64 via 2001:db8:2::1");
        _namespace.Ip($"route add {Narrow[0]} via 10.2.0.1 mtu lock {NarrowMtu}");
        _namespace.Ip($"-6 route add {Narrow[1]} via 2001:db8:2::1 mtu lock {NarrowMtu}");
    }

    private int IndexOf(string link) => int.Parse(_namespace.Ip($"-o link show {link}").Split(':')[0]);
}
