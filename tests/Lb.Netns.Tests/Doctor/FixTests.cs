using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary><c>--fix</c>: what can be mended is mended, and the next run is clean.</summary>
public sealed class FixTests
{
    [RootFact]
    public void All_that_can_be_mended_is_mended_at_once_and_the_next_run_is_clean()
    {
        using Topology topology = Topology.WithBackends(1);
        TestNamespace host = topology.Lb;
        host.Run(
            "sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0",
            "net.ipv4.conf.backend0.rp_filter=1", "net.ipv6.conf.client0.accept_ra=1");
        host.Ip($"addr add {Addresses.NatVip4}/32 dev lo");
        host.Run("ethtool", "-K", "backend0", "tx", "on");
        host.Ip("link set client0 down");
        string[] faults =
            ["accept-local", "interface-down", "ip-forward", "ip6-forward", "rp-filter", "veth-checksum"];
        Assert.Equal(faults, Checkup.Of(topology).Codes);

        Checkup mended = Checkup.Of(topology, fix: true);
        Checkup next = Checkup.Of(topology);

        mended.AssertHealthy();
        Assert.All(mended.Fixes, fix => Assert.True(fix.Done, $"{fix.Command}: {fix.Problem}"));
        Assert.Equal(faults, mended.Fixes.Select(fix => fix.Code).Distinct().Order(StringComparer.Ordinal));
        next.AssertHealthy();
        Assert.Empty(next.Fixes);

        // What the kernel says, not what the doctor says.
        Assert.Contains(",UP", host.Ip("link show client0"), StringComparison.Ordinal);
        Assert.Contains(
            "tx-checksum-ip-generic: off", host.Run("ethtool", "-k", "backend0"), StringComparison.Ordinal);
        Assert.Equal("2", Read(topology, "net.ipv4.conf.backend0.rp_filter"));
        Assert.Equal("1", Read(topology, "net.ipv4.conf.backend0.accept_local"));
        Assert.Equal("1", Read(topology, "net.ipv4.conf.backend0.forwarding"));
        Assert.Equal("1", Read(topology, "net.ipv6.conf.all.forwarding"));

        // A host that begins to forward would forget its advertised routes unless told otherwise.
        Assert.Equal("2", Read(topology, "net.ipv6.conf.client0.accept_ra"));
    }

    [RootFact]
    public void Strict_reverse_path_filter_of_all_interfaces_is_overruled_where_the_VIPs_have_a_route()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("route add default via 10.77.1.2");
        topology.Lb.Run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");

        Checkup.Of(topology, fix: true).AssertHealthy();

        Assert.Equal("1", Read(topology, "net.ipv4.conf.all.rp_filter"));
        Assert.Equal("2", Read(topology, "net.ipv4.conf.backend0.rp_filter"));
    }

    [RootFact]
    public void Filter_that_would_have_to_be_opened_for_every_interface_is_left_to_a_person()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");

        Checkup left = Checkup.Of(topology, fix: true);

        FindingAnswer finding = left.AssertError("rp-filter", "backend0");
        Assert.False(finding.Fixable, "it is fixable");
        Assert.Empty(left.Fixes);
        Assert.Equal("1", Read(topology, "net.ipv4.conf.all.rp_filter"));
    }

    private static string Read(Topology topology, string key) => topology.Lb.Run("sysctl", "-n", key).Trim();
}
