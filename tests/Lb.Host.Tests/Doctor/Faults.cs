using System.Net;
using System.Net.NetworkInformation;
using Lb.Host.Doctor;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>One thing that is wrong, or worth knowing, in facts that are well otherwise.</summary>
/// <param name="Code">The only code that is found.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Named">Words of the sentence.</param>
/// <param name="Change">Makes the fault.</param>
internal sealed record Fault(string Code, FindingSeverity Severity, string Named, Func<HostFacts, HostFacts> Change)
{
    /// <summary>Lines added to the site file.</summary>
    public string Lines { get; init; } = "";

    /// <summary>The site file.</summary>
    public string Site { get; init; } = HealthyHost.Site;

    /// <summary>What the doctor says of it.</summary>
    public DoctorReport Judge() => HealthyHost.Judge(Change(HealthyHost.Facts), Lines, Site);
}

/// <summary>At least one fault of every code there is.</summary>
internal static class Faults
{
    private const FindingSeverity Error = FindingSeverity.Error;
    private const FindingSeverity Warning = FindingSeverity.Warning;
    private const FindingSeverity Info = FindingSeverity.Info;
    private const ulong All = ulong.MaxValue;

    public static IReadOnlyList<Fault> Known { get; } = [.. OfTheKernel(), .. OfTheProcess(), .. OfInterfaces(), .. OfTheNetwork()];

    private static IEnumerable<Fault> OfTheKernel() =>
    [
        new("kernel-version", Error, "5.10", f => f with { System = f.System with { Kernel = new Version(5, 10, 3) }, Process = f.Process with { LockedMemory = All } }),
        new("kernel-btf", Warning, "BTF", f => f with { Bpf = f.Bpf with { TypeInformation = false } }),
        new("libbpf", Error, "libbpf.so.1", f => f with { Bpf = f.Bpf with { Library = null, Trial = null } }),
        new("bpf-features", Error, "LpmTrie", f => f with { Bpf = f.Bpf with { MissingMapTypes = ["LpmTrie"], Trial = new("no such map", false) } }),
        new("bpf-program", Error, "EPERM", f => f with { Bpf = f.Bpf with { Trial = new("bpf_object__load(lb_xdp) failed with EPERM.", false) } }),
        new("bpf-jit", Warning, "JIT", f => f with { Bpf = f.Bpf with { Trial = new(null, Compiled: false) } }),
        new("bpffs", Warning, "/sys/fs/bpf", f => f with { Bpf = f.Bpf with { FileSystemMounted = false } }),
        new("memory", Error, "100 MiB", f => f with { System = f.System with { AvailableMemory = 64 << 20 } }),
        new("clock-source", Warning, "hpet", f => f with { System = f.System with { ClockSource = "hpet" } }),
        new("clock-sync", Info, "clock", f => f with { System = f.System with { ClockSynchronised = false } }),
        new("conntrack", Warning, "950", f => f with { Network = f.Network with { Conntrack = (950, 1000) } }),
        new("firewall-forward", Warning, "inet guard through", f => f with { Network = f.Network with { DroppingChains = ["inet guard through"] } }),
    ];

    private static IEnumerable<Fault> OfTheProcess() =>
    [
        new("capabilities", Error, "CAP_NET_ADMIN", f => Without(f, Capability.NetAdmin)),
        new("capabilities", Error, "CAP_SYS_ADMIN", f => Without(f, Capability.SysAdmin)),
        new("capabilities", Error, "CAP_NET_BIND_SERVICE", f => Without(f, Capability.NetBindService)) { Lines = "lb.admin.port = 80" },
        new("open-files", Error, "64", f => f with { Process = f.Process with { OpenFiles = 64 } }),
        new("run-directory", Error, "EROFS", f => f with { RunDirectory = f.RunDirectory with { Problem = "/run cannot be written to (EROFS)" } }),
        new("disk-space", Error, "full", f => f with { RunDirectory = f.RunDirectory with { FreeBytes = 0 } }),
        new("disk-space", Error, "no further file", f => f with { RunDirectory = f.RunDirectory with { FreeFiles = 0 } }),
        new("disk-space", Warning, "nearly full", f => f with { RunDirectory = f.RunDirectory with { FreeBytes = 100_000 } }),
        new("admin-port", Error, "process 7 (nginx)", f => f with { Admin = new("in use", Taken: true, new(7, "nginx", true)) }),
        new("admin-port", Error, "another process", f => f with { Admin = new("in use", Taken: true, null) }),
        new("admin-port", Error, "Permission denied", f => f with { Admin = new("Permission denied", Taken: false, null) }),
        new("site-lock", Error, "process 7 (sleep)", f => f with { Site = f.Site with { LockHolder = new(7, "sleep", true) } }),
        new("site-lock", Error, "another network namespace", f => f with { Site = f.Site with { LockHolder = new(7, "lbd", false) } }),
        new("running", Info, "process 7 (lbd)", f => f with { Site = f.Site with { LockHolder = new(7, "lbd", true) } }),
        new("running", Info, "process 0.", f => f with { Site = f.Site with { LockHolder = new(0, null, null) } }),
        new("running", Info, "This process", f => f with { Site = f.Site with { LockHolder = new(100, "lbd", true) } }),
        new("not-checked", Info, "because", f => f with { Unread = ["something: because"] }),
        new("not-checked", Info, "eth0", f => f.WithInterface("eth0", i => i with { Xdp = new(5, null, "xdp", true, Ours: null) })),
    ];

    private static IEnumerable<Fault> OfInterfaces() =>
    [
        new("interface-missing", Error, "eth0", f => f with { Interfaces = [.. f.Interfaces.Where(i => i.Name != "eth0")] }),
        new("interface-down", Error, "eth0", f => f.WithInterface("eth0", i => i with { Up = false, Carrier = false })),
        new("no-carrier", Error, "eth0", f => f.WithInterface("eth0", i => i with { Carrier = false })),
        new("xdp-native", Warning, "mlx5_core", f => f.WithInterfaces(i => i with { Features = XdpFeatures.None })),
        new("xdp-native", Error, "eth0", f => f.WithInterface("eth0", i => i with { Features = XdpFeatures.None })) { Lines = "lb.attach = native" },
        new("xdp-native", Warning, "generically", f => f.WithInterfaces(i => i with { Xdp = new(5, "lb_xdp", "xdp", Native: false, Ours: true) })),
        new("xdp-target", Error, "kind vlan", f => f.WithInterface("eth1", i => i with { Kind = "vlan", Features = XdpFeatures.None })),
        new("xdp-target", Error, "a veth", f => f.WithInterface("eth1", i => i with { Kind = "veth", Features = XdpFeatures.Basic, Offloads = [] })),
        new("xdp-target", Error, "driver of eth0", f => f.WithInterfaces(i => i with { Features = i.Name == "eth0" ? XdpFeatures.Basic : i.Features, Xdp = new(5, "lb_xdp", "xdp", Native: true, Ours: true) })),
        new("xdp-mtu", Warning, "3506", f => f.WithInterface("eth1", i => i with { Mtu = 9000 })),
        new("xdp-mtu", Error, "3506", f => f.WithInterface("eth1", i => i with { Mtu = 9000 })) { Lines = "lb.attach = native" },
        new("xdp-mtu", Warning, "9000", f => f.WithInterface("eth1", i => i with { Mtu = 9000, Xdp = new(5, "lb_xdp", "xdp", Native: false, Ours: true) })),
        new("lro", Error, "rx-lro", f => f.WithInterface("eth0", i => i with { Offloads = ["rx-lro"] })),
        new("lro", Error, "rx-gro-hw", f => f.WithInterface("eth0", i => i with { Offloads = ["rx-gro-hw"] })),
        new("rx-vlan", Warning, "eth0", f => f.WithInterface("eth0", i => i with { CarriesVlans = true })),
        new("veth-checksum", Warning, "eth0", f => f.WithInterface("eth0", i => i with { Kind = "veth" })),
        new("channels", Info, "1 of 8 queues", f => f.WithInterface("eth0", i => i with { Channels = new(1, 8) })),
        new("foreign-xdp", Error, "filter (id 5)", f => f.WithInterface("eth0", i => i with { Xdp = new(5, "filter", "xdp", true, Ours: false) })),
        new("foreign-tc", Warning, "tc egress: program police (id 6)", f => f.WithInterface("eth0", i => i with { TrafficControl = [new(6, "police", "tc egress", false, false)] })),
    ];

    private static IEnumerable<Fault> OfTheNetwork() =>
    [
        new("mtu-budget", Warning, "1540 with the 40 bytes", f => f.WithInterface("eth1", i => i with { Mtu = 1500 })),
        new("mtu-budget", Warning, "1540", f => f.WithInterface("eth1", i => i with { Mtu = 1539 })),
        new("mtu-budget", Warning, "service web has 2000.", f => f.WithInterface("eth0", i => i with { Mtu = 2000 })) { Site = HealthyHost.NatSite },
        new("rp-filter", Error, "rp_filter = 1", f => f.WithInterface("eth1", i => i with { IPv4 = new(1, true, false) })),
        new("rp-filter", Error, "rp_filter = 1", f => f with { Network = f.Network with { IPv4 = new(1, true, false) } }),
        new("rp-filter", Error, "the VIPs have none", f => f.WithVip("192.0.2.10", v => v with { Routed = false }).WithInterface("eth1", i => i with { IPv4 = new(2, true, false) })),
        new("ip-forward", Error, "eth1", f => f.WithInterface("eth1", i => i with { IPv4 = new(0, false, false) })),
        new("ip6-forward", Error, "eth1", f => f.WithInterface("eth1", i => i with { IPv6 = new(false) })),
        new("ip6-forward", Error, "eth1", f => f with { Network = f.Network with { IPv6 = new(false) } }),
        new("accept-local", Error, "on lo", f => f.WithVip("192.0.2.10", v => v with { Interface = "lo" })),
        new("route-missing", Error, "b1 (10.0.2.11)", f => f.WithBackend("10.0.2.11", b => b with { Route = null })),
        new("route-unlisted", Error, "eth9", f => Behind(f, HealthyHost.Interface("eth9", 9, 1600))),
        new("route-device", Error, "tun0", f => Behind(f, HealthyHost.Interface("tun0", 9, 1600) with { Ethernet = false, Kind = "tun" })),
        new("neighbour", Warning, "web/b2 (10.0.2.12)", f => f.WithBackend("10.0.2.12", b => b with { Route = b.Route! with { Answers = false } })),
        new("neighbour", Error, "Gateway 10.0.2.1 ", f => f.WithBackend("10.0.2.12", b => b with { Route = new("eth1", IPAddress.Parse("10.0.2.1"), false) })),
        new("backend-local", Error, "web/b2 (10.0.2.12)", f => f.WithBackend("10.0.2.12", b => b with { Local = true, Route = null })),
        new("vip-conflict", Error, "02:00:00:00:00:01", f => f.WithVip("192.0.2.20", v => v with { Claims = [Claim(router: false)] })),
        new("vip-router", Info, "192.0.2.20", f => f.WithVip("192.0.2.20", v => v with { Claims = [Claim(router: true)] })),
        new("vip-place", Warning, "eth1", f => f.WithVip("192.0.2.20", v => v with { Interface = "eth1" })),
        new("memlock", Error, "8192 KiB", f => f with { System = f.System with { Kernel = new Version(5, 10, 0) } }),
    ];

    private static HostFacts Without(HostFacts facts, Capability capability) =>
        facts with { Process = facts.Process with { Capabilities = All & ~(1UL << (int)capability) } };

    private static HostFacts Behind(HostFacts facts, InterfaceFacts exit) => facts
        .WithBackend("10.0.2.12", b => b with { Route = b.Route! with { Interface = exit.Name } })
        with
    { Interfaces = [.. facts.Interfaces, exit] };

    private static VipClaim Claim(bool router) => new("eth0", PhysicalAddress.Parse("02-00-00-00-00-01"), router);
}
