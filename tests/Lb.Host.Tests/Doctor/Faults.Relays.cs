using System.Net;
using System.Net.Sockets;
using Lb.Host.Doctor;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Tests.Doctor;

internal static partial class Faults
{
    private static Endpoint RelayVip { get; } = new(IPAddress.Parse("192.0.2.30"), 80, TransportProtocol.Tcp);

    private static IEnumerable<Fault> OfRelays() =>
    [
        new("relay-plumbing", Error, "inet lb_shop", f => Lock(7, "lbd", true)(f) with
        {
            Relays = HealthyHost.Relays with { Missing = ["the table inet lb_shop of nftables"] },
        })
        {
            Site = HealthyHost.RelaySite,
        },
        Relay("relay-library", Error, "libnftables.so.1", r => r with { Library = false }),
        Relay("relay-kernel", Error, "nftables refused", r => r with { RuleProblem = "nftables refused to make a table." }),
        Relay("relay-sockmap", Warning, "no BTF", r => r with { SockmapProblem = "bpf_object__load failed: no BTF." }),
        Relay("relay-mark", Error, "500: fwmark 0x4c620000/0xffff0000 lookup 100", r => r with
        {
            Rules = [Rule(500, 0x4c62_0000, 0xffff_0000)],
        }),
        Relay("relay-mark", Error, "1000: fwmark 0x2/0x3 lookup 6", r => r with
        {
            Rules = [Rule(1000, 2, 3) with { Family = AddressFamily.InterNetworkV6, What = "lookup 6" }],
        }),
        Relay("relay-mark", Warning, "0x4c630002", r => r with
        {
            SocketMark = 0x4c63_0002, Rules = [Rule(2000, 0x4c63_0000, 0xffff_0000)],
        }),
        Relay("relay-local", Error, "192.0.2.30", r => r with { NotLocal = [RelayVip] }),
        Relay("relay-lookup", Warning, "steer (program 9)", r => r with { OtherLookups = ["steer (program 9)"] }),
        Relay("relay-source-mark", Error, "all, eth1", r => r with { MarkedSources = ["all", "eth1"] }),
        Relay("relay-accepted-mark", Error, "tcp_fwmark_accept", r => r with { MarkIsAccepted = true }),
        Relay("relay-port", Error, "process 7 (nginx)", r => r with { Taken = [new(RelayVip, new(7, "nginx", true))] }),
        Relay("relay-port", Error, "another process", r => r with { Taken = [new(RelayVip, null)] }),
        Relay("relay-backlog", Warning, "128", r => r with { Backlog = 128 }),
        Relay("relay-firewall", Warning, "ip raw pre", r => r with { DroppingBefore = ["ip raw pre"] }),
        Relay("relay-input", Info, "inet filter input", r => r with { DroppingInput = ["inet filter input"] }),
        new("relay-files", Warning, "61024", Process(p => p with { OpenFiles = 61_023 }))
        {
            Site = HealthyHost.RelaySite,
        },
        new("capabilities", Error, "CAP_NET_BIND_SERVICE", Without(Capability.NetBindService))
        {
            Site = HealthyHost.RelaySite,
        },
    ];

    private static RoutingRuleFacts Rule(uint priority, uint mark, uint mask) =>
        new(AddressFamily.InterNetwork, priority, mark, mask, "lookup 100");

    private static Fault Relay(
        string code, FindingSeverity severity, string named, Func<RelayFacts, RelayFacts> change) =>
        new(code, severity, named, f => f with { Relays = change(HealthyHost.Relays) })
        {
            Site = HealthyHost.RelaySite,
        };
}
