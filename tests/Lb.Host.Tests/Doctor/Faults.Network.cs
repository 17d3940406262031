using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

internal static partial class Faults
{
    private static AttachedProgram OwnNative { get; } = new(5, "lb_xdp", "xdp", Native: true, Ours: true);

    private static AttachedProgram OwnGeneric { get; } = OwnNative with { Native = false };

    private static IEnumerable<Fault> OfInterfaces() =>
    [
        new("interface-missing", Error, "eth0", f => f with
        {
            Interfaces = [.. f.Interfaces.Where(i => i.Name != "eth0")],
        }),
        new("interface-down", Error, "eth0", On("eth0", i => i with { Up = false, Carrier = false })),
        new("no-carrier", Error, "eth0", On("eth0", i => i with { Carrier = false })),
        new("xdp-native", Warning, "mlx5_core", OnEach(i => i with { Features = XdpFeatures.None })),
        new("xdp-native", Error, "eth0", On("eth0", i => i with { Features = XdpFeatures.None }))
        {
            Lines = "lb.attach = native",
        },
        new("xdp-native", Warning, "generically", OnEach(i => i with { Xdp = OwnGeneric })),
        new("xdp-native", Warning, "kind vlan", On("eth1", i => i with { Kind = "vlan", Features = XdpFeatures.None })),
        new("xdp-target", Error, "a veth", On("eth1", i => i with
        {
            Kind = "veth", Features = XdpFeatures.Basic, Offloads = [],
        })),
        new("xdp-target", Error, "driver of eth0", f => On("eth0", i => i with { Features = XdpFeatures.Basic })(
            OnEach(i => i with { Xdp = OwnNative })(f))),
        new("xdp-mtu", Warning, "3506", On("eth1", i => i with { Mtu = 9000 })),
        new("xdp-mtu", Error, "3506", On("eth1", i => i with { Mtu = 9000 })) { Lines = "lb.attach = native" },
        new("xdp-mtu", Warning, "9000", On("eth1", i => i with { Mtu = 9000, Xdp = OwnGeneric })),
        new("lro", Error, "rx-lro", On("eth0", i => i with { Offloads = ["rx-lro"] })),
        new("lro", Error, "rx-gro-hw", On("eth0", i => i with { Offloads = ["rx-gro-hw"] })),
        new("rx-vlan", Warning, "eth0", On("eth0", i => i with { CarriesVlans = true })),
        new("veth-checksum", Warning, "eth0", On("eth0", i => i with { Kind = "veth" })),
        new("channels", Info, "1 of 8 queues", On("eth0", i => i with { Channels = new(1, 8) })),
        new("spread-offline", Warning, "offline: 0.", f => f with { System = f.System with { Online = [1, 2, 3] } })
        {
            Lines = "lb.spread.cpus = 0",
        },
        new("foreign-xdp", Error, "filter (id 5)", On("eth0", i => i with
        {
            Xdp = OwnNative with { Name = "filter", Ours = false },
        })),
        new("foreign-tc", Warning, "tc egress: program police (id 6)", On("eth0", i => i with
        {
            TrafficControl = [new(6, "police", "tc egress", Native: false, Ours: false)],
        })),
    ];

    private static IEnumerable<Fault> OfTheNetwork() =>
    [
        new("mtu-budget", Warning, "1540 with the 40 bytes", On("eth1", i => i with { Mtu = 1500 })),
        new("mtu-budget", Warning, "1540", On("eth1", i => i with { Mtu = 1539 })),
        new("mtu-budget", Warning, "service web has 2000.", On("eth0", i => i with { Mtu = 2000 }))
        {
            Site = HealthyHost.NatSite,
        },
        new("mtu-budget", Warning, "1528 with the 28 bytes that dsr-gue", On("eth1", i => i with { Mtu = 1500 }))
        {
            Site = HealthyHost.DsrSite.Replace("dsr-ipip", "dsr-gue", StringComparison.Ordinal),
        },
        new("mtu-budget", Warning, "service dsr has 1520 with the 20 bytes", On("eth1", i => i with { Mtu = 1500 }))
        {
            Site = HealthyHost.DsrSite,
        },
        new("mtu-ipv6", Error, "leaves 1279 for those of service dsr", On("eth1", i => i with { Mtu = 1319 }))
        {
            Site = HealthyHost.DsrSite
                .Replace("192.0.2.20", "\"2001:db8::20\"", StringComparison.Ordinal)
                .Replace("10.0.2.11", "\"fd00:2::11\"", StringComparison.Ordinal),
        },
        new("rp-filter", Error, "rp_filter = 1", On("eth1", i => i with { IPv4 = new(1, true, false) })),
        new("rp-filter", Error, "rp_filter = 1", Network(n => n with { IPv4 = new(1, true, false) })),
        new("rp-filter", Error, "the VIPs have none", f => On("eth1", i => i with { IPv4 = new(2, true, false) })(
            Vip("192.0.2.10", v => v with { Routed = false })(f))),
        new("ip-forward", Error, "eth1", On("eth1", i => i with { IPv4 = new(0, false, false) })),
        new("ip6-forward", Error, "eth1", On("eth1", i => i with { IPv6 = new(false) })),
        new("ip6-forward", Error, "eth1", Network(n => n with { IPv6 = new(false) })),
        new("accept-local", Error, "on lo", Vip("192.0.2.10", v => v with { Interface = "lo" })),
        new("route-missing", Error, "b1 (10.0.2.11)", Backend("10.0.2.11", b => b with { Route = null })),
        new("route-unlisted", Error, "eth9", Behind(HealthyHost.Interface("eth9", 9, 1600))),
        new("route-device", Error, "tun0", Behind(HealthyHost.Interface("tun0", 9, 1600) with { Ethernet = false })),
        new("route-gateway", Error, "dsr/b1 (10.0.2.11) is behind router 10.0.2.1,", Backend("10.0.2.11", b => b with
        {
            Route = new("eth1", IPAddress.Parse("10.0.2.1"), Answers: true),
        }))
        {
            Site = HealthyHost.DsrSite.Replace("dsr-ipip", "dsr-l2", StringComparison.Ordinal),
        },
        new("neighbour", Warning, "web/b2 (10.0.2.12)", Backend("10.0.2.12", b => b with
        {
            Route = b.Route! with { Answers = false },
        })),
        new("neighbour", Error, "Gateway 10.0.2.1 ", Backend("10.0.2.12", b => b with
        {
            Route = new("eth1", IPAddress.Parse("10.0.2.1"), Answers: false),
        })),
        new("backend-local", Error, "web/b2 (10.0.2.12)", Backend("10.0.2.12", b => b with
        {
            Local = true, Route = null,
        })),
        new("vip-conflict", Error, "02:00:00:00:00:01", Vip("192.0.2.20", v => v with { Claims = [Claim(router: false)] })),
        new("vip-router", Info, "192.0.2.20", Vip("192.0.2.20", v => v with { Claims = [Claim(router: true)] })),
        new("full-nat-address", Info, "192.0.2.9", facts => facts) { Lines = FullNatLines() },
        new("full-nat-ports", Error, "ports 1024-1999 of 192.0.2.9", Network(n => n with
        {
            OwnFullNat = [IPAddress.Parse("192.0.2.9")],
            LocalPorts = (1024, 1999),
        }))
        {
            Lines = FullNatLines(),
        },
        new("full-nat-ports", Error, "ports 2500-2999 of 192.0.2.9", Network(n => n with
        {
            OwnFullNat = [IPAddress.Parse("192.0.2.9")],
            LocalPorts = (2000, 60_999),
            ReservedPorts = [(1500, 1700), (1900, 2400), (2401, 2499)],
        }))
        {
            Lines = FullNatLines(),
        },
        new("full-nat-missing", Error, "web6", facts => facts with
        {
            Network = facts.Network with { OwnFullNat = [IPAddress.Parse("192.0.2.9")], LocalPorts = (32_768, 60_999) },
        })
        {
            Lines = FullNatLines(", \"2001:db8::9\""),
            Node = node => node with { FullNat = node.FullNat with { Sources = [new(IPAddress.Parse("192.0.2.9"), 1024, 2999)] } },
            Site = HealthyHost.Site.Replace(
                "vip = \"2001:db8::10\",", "vip = \"2001:db8::10\", mode = full-nat,", StringComparison.Ordinal),
        },
        new("vip-own", Warning, "192.0.2.2", On("eth0", i => i with { Addresses = [IPAddress.Parse("192.0.2.2"), IPAddress.Parse("192.0.3.2")] }))
        {
            Site = HealthyHost.DsrSite.Replace("vip = 192.0.2.20,", "vip = 192.0.2.0/24,", StringComparison.Ordinal),
        },
        new("vip-place", Warning, "eth1", Vip("192.0.2.20", v => v with { Interface = "eth1" })),
    ];

    private static string FullNatLines(string more = "") =>
        $$"""lb.full-nat { addresses = [192.0.2.9{{more}}], ports = "1024-2999" }""";

    /// <summary>One backend is behind another interface.</summary>
    private static Func<HostFacts, HostFacts> Behind(InterfaceFacts exit) => f =>
        f.WithBackend("10.0.2.12", b => b with { Route = b.Route! with { Interface = exit.Name } }) with
        {
            Interfaces = [.. f.Interfaces, exit],
        };

    private static VipClaim Claim(bool router) => new("eth0", PhysicalAddress.Parse("02-00-00-00-00-01"), router);
}
