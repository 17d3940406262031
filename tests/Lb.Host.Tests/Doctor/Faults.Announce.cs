using Lb.Host.Doctor;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

/// <summary>What is wrong where VIPs are announced by ARP and NDP.</summary>
internal static partial class Faults
{
    private static IEnumerable<Fault> OfAnnouncing() =>
    [
        Arp("announce-interface", Error, "Interface eth1", a => a with { Interfaces = a.Interfaces.Remove("eth1") }),
        Arp("announce-subnet", Warning, "192.0.2.20", a => a with { Addresses = [.. a.Addresses.Skip(1)] }),
        Arp("announce-own", Warning, "192.0.2.20", a => a with
        {
            Addresses = a.Addresses.Add(HealthyHost.Own(1, "192.0.2.20/32", "192.0.2.20")),
        }),
        Arp("announce-unlisted", Warning, "eth2", a => a with
        {
            Interfaces = a.Interfaces.Add("eth2", a.Interfaces["eth1"] with { Name = "eth2" }),
        }) with
        {
            Lines = $"{HealthyHost.ArpLines}, lb.announce.interfaces = [eth0, eth2]",
        },
        Arp("capabilities", Error, "CAP_NET_RAW", a => a) with
        {
            Change = f => Without(Capability.NetRaw)(f) with { Announce = HealthyHost.Announce },
        },
        Arp("vip-elsewhere", Info, "02:00:00:00:00:01", a => a) with
        {
            Change = f => Vip("192.0.2.20", v => v with { Claims = [Claim(router: false)] })(f) with
            {
                Announce = HealthyHost.Announce,
            },
        },
        Bgp("bird-missing", "/usr/sbin/bird", b => b with { IsThere = false }),
        Bgp("bgp-port", "179", b => b with { Port = new ListenerFacts("in use", Taken: true, Holder: null) }),
        Bgp("capabilities", "CAP_NET_BIND_SERVICE", b => b) with
        {
            Change = f => Without(Capability.NetBindService)(f) with { Bird = HealthyHost.Bird },
        },
        new("accept-local", Error, "at times", f => f) { Lines = HealthyHost.ArpLines },
    ];

    private static Fault Bgp(string code, string named, Func<BirdFacts, BirdFacts> change) =>
        new(code, Error, named, f => f with { Bird = change(HealthyHost.Bird) }) { Lines = HealthyHost.BgpLines };

    private static Fault Arp(
        string code, FindingSeverity severity, string named, Func<VipHost, VipHost> change) =>
        new(code, severity, named, f => f with { Announce = change(HealthyHost.Announce) })
        {
            Site = HealthyHost.DsrSite,
            Lines = HealthyHost.ArpLines,
        };
}
