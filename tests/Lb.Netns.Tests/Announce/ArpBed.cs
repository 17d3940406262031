using System.Net;
using System.Text.Json;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Announce;

/// <summary>Clients and nodes on one segment; VIPs are of that segment, and so is the gateway of backends on theirs.</summary>
internal sealed class ArpBed : AnnounceBed
{
    public static readonly IPAddress Nat4 = IPAddress.Parse("10.77.1.100");
    public static readonly IPAddress Nat6 = IPAddress.Parse("fd77:1::100");
    public static readonly IPAddress Dsr4 = IPAddress.Parse("10.77.1.101");
    public static readonly IPAddress Dsr6 = IPAddress.Parse("fd77:1::101");
    private const string Gateway4 = "10.77.2.1";
    private const string Gateway6 = "fd77:2::1";

    /// <summary>Nodes whose services have so many backends at first.</summary>
    public ArpBed(int nodes, int backends = 2)
        : base([Dsr4, Dsr6], Gateway4, Gateway6)
    {
        Plug(Client, "eth0", Front, "client");
        AddAddresses(Client, "eth0", "10.77.1.2/24", "fd77:1::2/64");
        AddXdp(Client, "eth0");
        StartNodes(
            nodes,
            () => $"mode = arp, interfaces = [client0, backend0], addresses = [\"{Gateway4}\", \"{Gateway6}\"], lifetime = 2s",
            () => ServicesOf(backends));
    }

    /// <summary>The services with so many backends, as a site file has them.</summary>
    public static string ServicesOf(int backends) => string.Join(' ', Services.Select(at => Service(at, backends)));

    /// <summary>Where clients connect.</summary>
    public static IReadOnlyList<IPEndPoint> Services { get; } =
    [
        new(Nat4, Addresses.ServicePort), new(Nat6, Addresses.ServicePort),
        new(Dsr4, Addresses.ServerPort), new(Dsr6, Addresses.ServerPort),
    ];

    /// <summary>All that is announced.</summary>
    public static IReadOnlyList<IPAddress> Vips { get; } =
        [Nat4, Nat6, Dsr4, Dsr6, IPAddress.Parse(Gateway4), IPAddress.Parse(Gateway6)];

    /// <summary>Those that have a VIP on an interface.</summary>
    public IReadOnlyList<AnnounceNode> WhoHas(IPAddress vip) => [.. Nodes.Where(node => node.HasAddress(vip))];

    /// <summary>Whether all these nodes say the same of who holds what, each VIP has a holder, and it alone has the address.</summary>
    public bool IsSettled(params IReadOnlyList<AnnounceNode> asked) => Vips.All(vip =>
        asked.Select(node => HolderOf(vip, node)).Distinct(StringComparer.Ordinal).ToList() is [{ } holder]
        && WhoHas(vip) is [var one] && one.Address == holder);

    /// <summary>Who holds a VIP, to a node's knowledge.</summary>
    public static string? HolderOf(IPAddress vip, AnnounceNode asked) => asked.Vips()?.GetProperty("vips").EnumerateArray()
        .FirstOrDefault(shown => shown.GetProperty("vip").GetString() == $"{vip}") is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("holder").GetString()
            : null;

    private static string Service(IPEndPoint at, int backends)
    {
        bool six = at.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        bool nat = at.Port == Addresses.ServicePort;
        IEnumerable<string> pool = Enumerable.Range(1, backends).Select(n => $$"""
            b{{n}} { address = "{{(six ? Addresses.Backend6(n) : Addresses.Backend4(n))}}", port = {{Addresses.ServerPort}} }
            """);
        return $$"""
            {{(nat ? "nat" : "dsr")}}{{(six ? 6 : 4)}} {
              vip = "{{at.Address}}", port = {{at.Port}}, mode = {{(nat ? "nat" : "dsr-ipip")}}
              backends { {{string.Join(", ", pool)}} }
            },
            """;
    }
}
