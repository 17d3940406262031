using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>VIPs that somebody has who should not.</summary>
public sealed class VipFaultTests
{
    [RootFact]
    public void IPv4_VIP_that_another_host_answers_for()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Client.Ip($"addr add {Addresses.NatVip4}/32 dev lo");

        AssertConflict(topology, $"{Addresses.NatVip4}");
    }

    [RootFact]
    public void IPv6_VIP_that_another_host_answers_for()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Client.Ip($"addr add {Addresses.NatVip6}/128 dev eth0 nodad");

        AssertConflict(topology, $"{Addresses.NatVip6}");
    }

    [RootFact]
    public void Backend_that_answers_for_a_dsr_VIP_where_clients_are()
    {
        using Topology topology = Topology.WithBackends(1);

        // One arm: clients and backends are on the same link, and the backend holds the VIP without arp_ignore.
        topology.Lb.Ip("link set client0 down");
        topology.Lb.Ip("link set backend0 mtu 1500");
        var site = Route.Of("dsr-v4").TcpSite(topology, backends: 1) with { Interfaces = ["backend0"] };

        Checkup loud = Checkup.Of(topology, site);
        topology.Backends[0].Namespace.Run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1");
        Checkup silent = Checkup.Of(topology, site);

        // With one arm the outer header never fits beside a full packet, which is a finding of its own.
        Assert.Equal(["mtu-budget", "vip-conflict"], loud.Codes);
        Assert.Contains("arp_ignore", loud.Findings.Single(f => f.Code == "vip-conflict").Mend, StringComparison.Ordinal);
        Assert.Equal(["mtu-budget"], silent.Codes);
    }

    [RootFact]
    public void Router_that_answers_for_every_address_is_no_conflict()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Client.Run(
            "sysctl", "-qw", "net.ipv4.conf.eth0.proxy_arp=1", "net.ipv4.neigh.eth0.proxy_delay=0",
            "net.ipv4.conf.all.forwarding=1");
        TestNamespace.Connect(topology.Client, "far0", topology.Backends[0].Switch, "far1");
        topology.Client.Ip("addr add 192.0.2.1/24 dev far0");
        topology.Client.Ip("route add 203.0.113.0/24 via 192.0.2.2");
        topology.Lb.Ip("route add default via 10.77.1.2");

        Checkup checkup = Checkup.Of(topology);

        checkup.AssertHealthy();
        Assert.Contains(
            checkup.Findings,
            f => f.Code == "vip-router" && f.What.Contains($"{Addresses.NatVip4}", StringComparison.Ordinal));
    }

    [RootFact]
    public void Dsr_VIP_held_on_the_interface_of_the_backends()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip($"addr add {Addresses.DsrVip4}/32 dev backend0");

        Checkup.Of(topology).AssertWarning("vip-place", $"{Addresses.DsrVip4}", "backend0");
    }

    private static void AssertConflict(Topology topology, string vip)
    {
        Checkup.Of(topology).AssertError("vip-conflict", vip, "client0", topology.Client.Mac("eth0"));
        Assert.DoesNotContain(vip, topology.Lb.Ip("neigh show"), StringComparison.Ordinal);
    }
}
