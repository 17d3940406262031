using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Announce;

/// <summary>
/// A router with a bird of its own between clients, nodes and backends: it spreads flows over all nodes that tell it of a VIP,
/// by addresses and ports. Backends reply through it.
/// </summary>
internal sealed partial class BgpBed : AnnounceBed
{
    private const string Id = "10.77.1.254";
    private readonly TestNamespace _router;
    private readonly Process _bird;

    public BgpBed(int nodes)
        : base([Addresses.DsrVip4, Addresses.DsrVip6], "10.77.2.254", "fd77:2::254")
    {
        _router = AddNamespace("router");
        _router.Run(
            "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.fib_multipath_hash_policy=1",
            "net.ipv6.fib_multipath_hash_policy=1");
        Plug(_router, "front0", Front, "router");
        Plug(_router, "back0", Back, "router");
        AddAddresses(_router, "front0", $"{Id}/24", "fd77:1::254/64");
        AddAddresses(_router, "back0", "10.77.2.254/24", "fd77:2::254/64");
        TestNamespace.Connect(_router, "client0", Client, "eth0");
        _router.Run("ethtool", "-K", "client0", "gro", "on", "tx", "off");
        Client.Run("ethtool", "-K", "eth0", "gro", "on", "tx", "off");
        AddAddresses(_router, "client0", "10.77.3.1/24", "fd77:3::1/64");
        AddAddresses(Client, "eth0", "10.77.3.2/24", "fd77:3::2/64");
        AddGateways(Client, "10.77.3.1", "fd77:3::1");
        string config = Path.Combine(Folder, "router.conf");
        File.WriteAllText(config, RouterConfig(nodes));
        _bird = _router.Start("bird", "-f", "-c", config, "-s", Path.Combine(Folder, "router.ctl"));
        StartNodes(
            nodes,
            () => $$"""
                mode = bgp
                bgp { local-as = 65001, bfd-interval = 150ms, neighbors {
                  four { address = {{Id}}, as = 65000, password = "lab" }, six { address = "fd77:1::254", as = 65000 } } }
                """,
            () => string.Join('\n', Services.Select(Service)));
    }

    /// <summary>Where clients connect.</summary>
    public static IReadOnlyList<IPEndPoint> Services { get; } =
        [new(Addresses.DsrVip4, Addresses.ServerPort), new(Addresses.DsrVip6, Addresses.ServerPort)];

    /// <summary>The nodes that the router sends packets for both VIPs to.</summary>
    public IReadOnlyList<AnnounceNode> Reached()
    {
        string routes = _router.Ip($"route show {Addresses.DsrVip4}");
        string routes6 = _router.Ip($"-6 route show {Addresses.DsrVip6}");
        return [.. Nodes.Where((_, at) => Has(routes, $"10.77.1.{11 + at}") && Has(routes6, $"fd77:1::{11 + at}"))];
    }

    protected override void EndOthers()
    {
        _bird.Kill();
        _bird.WaitForExit();
        _bird.Dispose();
    }

    private static bool Has(string routes, string via) =>
        Vias().Matches(routes).Any(match => match.Groups["via"].Value == via);

    [GeneratedRegex(@"via (inet6 )?(?<via>\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Vias();

    private static string RouterConfig(int nodes)
    {
        const string times = "connect delay time 1; connect retry time 1; error wait time 1, 1;";
        string peers = string.Concat(Enumerable.Range(1, nodes).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""
            protocol bgp four{{number}} { local as 65000; neighbor 10.77.1.{{10 + number}} as 65001; password "lab"; bfd; direct; {{times}}
              ipv4 { import all; export none; }; }
            protocol bgp six{{number}} { local as 65000; neighbor fd77:1::{{10 + number}} as 65001; bfd; direct; {{times}}
              ipv6 { import all; export none; }; }

            """)));
        return $$"""
            router id {{Id}};
            protocol device { }
            protocol kernel { merge paths on; ipv4 { import none; export all; }; }
            protocol kernel { merge paths on; ipv6 { import none; export all; }; }
            protocol bfd { interface "*" { interval 150 ms; multiplier 3; }; }
            {{peers}}
            """;
    }

    private static string Service(IPEndPoint at)
    {
        bool six = at.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        return $$"""
            dsr{{(six ? 6 : 4)}} {
              vip = "{{at.Address}}", port = {{at.Port}}, mode = dsr-ipip
              backends {
                b1 { address = "{{(six ? Addresses.Backend6(1) : Addresses.Backend4(1))}}", port = {{Addresses.ServerPort}} },
                b2 { address = "{{(six ? Addresses.Backend6(2) : Addresses.Backend4(2))}}", port = {{Addresses.ServerPort}} }
              }
            }
            """;
    }
}
