using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Lb.Host.Configuration;
using Lb.Host.Doctor;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>
/// Facts of a host on which nothing is wrong: clients on eth0, backends on eth1, a service of each mode and family.
/// </summary>
internal static class HealthyHost
{
    public const string Site = """
        lb {
          site = shop
          interfaces = [eth0, eth1]
          services {
            web { vip = 192.0.2.10, port = 80, backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12 } } }
            web6 { vip = "2001:db8::10", port = 80, backends.b1.address = "fd00:2::11" }
            dsr {
              vip = 192.0.2.20, port = 80, mode = dsr-ipip
              backends { b1 { address = 10.0.2.11 }, b6 { address = "fd00:2::11" } }
            }
          }
        }
        """;

    /// <summary>The same host with a service of nat alone.</summary>
    public const string NatSite = """
        lb {
          site = shop
          interfaces = [eth0, eth1]
          services.web {
            vip = 192.0.2.10, port = 80
            backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12 } }
          }
        }
        """;

    /// <summary>The same host with a service of dsr-ipip alone.</summary>
    public const string DsrSite = """
        lb {
          site = shop
          interfaces = [eth0, eth1]
          services.dsr { vip = 192.0.2.20, port = 80, mode = dsr-ipip, backends.b1.address = 10.0.2.11 }
        }
        """;

    /// <summary>The same host with relays alone, of TCP and UDP.</summary>
    public const string RelaySite = """
        lb {
          site = shop
          interfaces = [eth0, eth1]
          services {
            relayed { vip = 192.0.2.30, port = 80, mode = tproxy, backends.b1.address = 10.0.2.11 }
            dns {
              vip = 192.0.2.30, port = 53, protocol = udp, mode = tproxy, health.check = none, backends.b1.address = 10.0.2.11
            }
          }
        }
        """;

    /// <summary>What relays find on a good host; the mark is one that no rule asks for.</summary>
    public static RelayFacts Relays { get; } = new() { Library = true, Mark = 0x4c62_0002, Backlog = 4096 };

    /// <summary>A listener for other hosts, which the site has with <see cref="RemoteLines"/> alone.</summary>
    public static RemoteFacts Remote { get; } = new(
        new ListenerFacts(Problem: null, Taken: false, Holder: null),
        new CertificateFacts(
            Problem: null,
            From: new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Until: new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ReadAt: new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
            KeyIsOpen: false));

    /// <summary>Lines of a site whose VIPs are announced on both interfaces.</summary>
    public const string ArpLines =
        "lb { announce.mode = arp, cluster.host = 127.0.0.1 }";

    /// <summary>Lines of a site whose VIPs routers are told of.</summary>
    public const string BgpLines =
        "lb.announce { mode = bgp, bgp { local-as = 65001, neighbors.tor { address = 192.0.2.254, as = 65000 } } }";

    /// <summary>A host for that.</summary>
    public static BirdFacts Bird { get; } = new(IsThere: true, new ListenerFacts(Problem: null, Taken: false, Holder: null));

    /// <summary>Interfaces and addresses of a host for that.</summary>
    public static VipHost Announce { get; } = new(
        new[] { "eth0", "eth1" }.Index().ToImmutableDictionary(
            at => at.Item, at => new VipInterface(at.Index + 2, at.Item, PhysicalAddress.Parse("020000000001"), IsUp: true)),
        [Own(2, "192.0.2.0/24", "192.0.2.100"), Own(2, "2001:db8::/64", "2001:db8::100"), Own(3, "10.0.2.0/24", "10.0.2.1")]);

    /// <summary>An address that the host has for good.</summary>
    public static VipAddress Own(int index, string network, string address) =>
        new(index, IPNetwork.Parse(network), IPAddress.Parse(address), IsHeld: false);

    /// <summary>Lines of a site whose API lets in other hosts.</summary>
    public const string RemoteLines =
        """lb.admin.remote { host = 192.0.2.100, certificate = "/etc/lb/api.pem", key = "/etc/lb/api.key" }""";

    /// <summary>Lines of a site whose node is in a cluster, with certificates.</summary>
    public const string ClusterLines = """
        lb.cluster {
          host = 192.0.2.100
          tls { ca = "/etc/lb/cluster/ca.pem", certificate = "/etc/lb/cluster/node.pem", key = "/etc/lb/cluster/node-key.pem" }
        }
        """;

    public static HostFacts Facts { get; } = new()
    {
        System = new SystemFacts
        {
            Kernel = new Version(6, 12, 0),
            Cpus = 4,
            AvailableMemory = 4L << 30,
            ClockSource = "tsc",
            ClockSynchronised = true,
        },
        Process = new ProcessFacts
        {
            Id = 100,
            Capabilities = ulong.MaxValue,
            OpenFiles = 65536,
            LockedMemory = 8 << 20,
        },
        Bpf = new BpfFacts
        {
            Library = new Version(1, 1),
            TypeInformation = true,
            Trial = new ProgramTrial(Problem: null, Compiled: true),
            MapMemory = 100 << 20,
            FileSystemPath = "/sys/fs/bpf",
            FileSystemMounted = true,
        },
        Site = new SiteFacts { LockPath = "/run/lb/shop.lock" },
        RunDirectory = new DirectoryFacts("/run/lb", Problem: null, FreeBytes: 1 << 30, FreeFiles: 10_000),
        JournalDirectory = new DirectoryFacts("/var/lib/lb", Problem: null, FreeBytes: 1 << 30, FreeFiles: null),
        Admin = new ListenerFacts(Problem: null, Taken: false, Holder: null),
        Interfaces = [Interface("eth0", 2, mtu: 1500), Interface("eth1", 3, mtu: 1600)],
        Backends =
        [
            new BackendFacts(IPAddress.Parse("10.0.2.11"), Local: false, Direct("10.0.2.11")),
            new BackendFacts(IPAddress.Parse("10.0.2.12"), Local: false, Direct("10.0.2.12")),
            new BackendFacts(IPAddress.Parse("fd00:2::11"), Local: false, Direct("fd00:2::11")),
        ],
        Vips =
        [
            new VipFacts(IPAddress.Parse("192.0.2.10"), Interface: null, Routed: true, []),
            new VipFacts(IPAddress.Parse("2001:db8::10"), Interface: null, Routed: true, []),
            new VipFacts(IPAddress.Parse("192.0.2.20"), Interface: null, Routed: true, []),
        ],
        Relays = Relays,
        Network = new NetworkFacts { IPv4 = new IPv4Settings(0, true, false), IPv6 = new IPv6Settings(true) },
    };

    /// <summary>An interface of a good network card, before lbd has started.</summary>
    public static InterfaceFacts Interface(string name, int index, int mtu) => new(name, index)
    {
        Driver = "mlx5_core",
        Up = true,
        Carrier = true,
        Mtu = mtu,
        Ethernet = true,
        Features = XdpFeatures.Basic | XdpFeatures.Redirect | XdpFeatures.Target,
        Channels = new ChannelFacts(4, 8),
        Offloads = ["rx-gro", "tx-checksum-ip-generic", "rx-vlan-hw-parse"],
        IPv4 = new IPv4Settings(0, true, false),
        IPv6 = new IPv6Settings(true),
    };

    /// <summary>A route to a neighbour that answers.</summary>
    public static RouteFacts Direct(string address) => new("eth1", IPAddress.Parse(address), Answers: true);

    /// <summary>The facts with an interface changed.</summary>
    public static HostFacts WithInterface(this HostFacts facts, string name, Func<InterfaceFacts, InterfaceFacts> change) =>
        facts with { Interfaces = [.. facts.Interfaces.Select(i => i.Name == name ? change(i) : i)] };

    /// <summary>The facts with all interfaces changed.</summary>
    public static HostFacts WithInterfaces(this HostFacts facts, Func<InterfaceFacts, InterfaceFacts> change) =>
        facts with { Interfaces = [.. facts.Interfaces.Select(change)] };

    /// <summary>The facts with a backend changed.</summary>
    public static HostFacts WithBackend(this HostFacts facts, string address, Func<BackendFacts, BackendFacts> change) =>
        facts with { Backends = [.. facts.Backends.Select(b => $"{b.Address}" == address ? change(b) : b)] };

    /// <summary>The facts with a VIP changed.</summary>
    public static HostFacts WithVip(this HostFacts facts, string address, Func<VipFacts, VipFacts> change) =>
        facts with { Vips = [.. facts.Vips.Select(v => $"{v.Address}" == address ? change(v) : v)] };

    /// <summary>Judges facts for a site, with lines that are added to it.</summary>
    public static DoctorReport Judge(
        HostFacts facts, string lines = "", string site = Site, Func<NodeOptions, NodeOptions>? node = null)
    {
        LoadResult read = ConfigLoader.LoadText($"{site}\n{lines}", "shop.conf");
        Assert.Empty(read.Issues);
        return HostDoctor.Judge(read.Config!.Site, node?.Invoke(read.Config.Node) ?? read.Config.Node, facts);
    }
}
