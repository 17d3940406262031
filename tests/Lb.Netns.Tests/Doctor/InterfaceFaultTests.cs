using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>Faults of interfaces, each made in a topology that is well otherwise.</summary>
public sealed class InterfaceFaultTests
{
    [RootFact]
    public void Interface_that_is_not_there()
    {
        using Topology topology = Topology.WithBackends(1);
        SiteSpec site = Route.FullSite(topology, "tcp") with { Interfaces = ["client0", "backend0", "nowhere0"] };

        Checkup.Of(topology, site).AssertError("interface-missing", "nowhere0");
    }

    [RootFact]
    public void Interface_that_is_down()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("link set client0 down");

        Checkup.Of(topology).AssertError("interface-down", "client0").AssertFixable();
    }

    [RootFact]
    public void Cable_that_is_out()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Client.Ip("link set eth0 down");

        Checkup.Of(topology).AssertError("no-carrier", "client0");
    }

    [RootFact]
    public void Device_without_native_xdp()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("link add mv0 link client0 type macvlan");
        topology.Lb.Ip("link set mv0 up");
        SiteSpec site = Route.FullSite(topology, "tcp") with { Interfaces = ["mv0"] };

        Checkup.Of(topology, site).AssertWarning("xdp-native", "mv0", "macvlan");
    }

    [RootFact]
    public void Device_without_native_xdp_among_others_that_have_it()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("link add mv0 link client0 type macvlan");
        topology.Lb.Ip("link set mv0 up");
        SiteSpec site = Route.FullSite(topology, "tcp") with { Interfaces = ["client0", "backend0", "mv0"] };

        Checkup.Of(topology, site).AssertWarning("xdp-native", "mv0", "macvlan");
    }

    [RootFact]
    public void Other_end_of_a_veth_that_takes_nothing_from_xdp()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Backends[0].Switch.Run("ethtool", "-K", "lb", "gro", "off");

        Checkup.Of(topology).AssertError("xdp-target", "backend0");
    }

    [RootFact]
    public void Frames_too_large_for_native_xdp()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Client.Ip("link set eth0 xdpdrv off");
        topology.Client.Ip("link set eth0 mtu 9000");
        topology.Lb.Ip("link set client0 mtu 9000");
        topology.Lb.Ip("link set backend0 mtu 9100");

        FindingAnswer finding = Checkup.Of(topology).AssertWarning("xdp-mtu", "client0", "9000");

        // It is no guess: the kernel refuses what the doctor says it would.
        string program = Path.Combine(AppContext.BaseDirectory, "lb_decap.bpf.o");
        (int exitCode, _, string error) = Command.TryRun(
            "ip", "-n", topology.Lb.Name, "link", "set", "client0", "xdpdrv", "object", program, "section", "xdp");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("MTU", error, StringComparison.Ordinal);
        Assert.Contains("mtu 3506", finding.Mend, StringComparison.Ordinal);
    }

    [RootFact]
    public void Checksums_that_are_left_unfinished()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("ethtool", "-K", "client0", "tx", "on");

        Checkup.Of(topology).AssertWarning("veth-checksum", "client0").AssertFixable();
    }

    [RootFact]
    public void Xdp_program_of_somebody_else()
    {
        using Topology topology = Topology.WithBackends(1);
        string program = Path.Combine(AppContext.BaseDirectory, "lb_decap.bpf.o");
        topology.Lb.Ip($"link set client0 xdpdrv object {program} section xdp");

        Checkup.Of(topology).AssertError("foreign-xdp", "client0", "lb_decap");
    }

    [RootFact]
    public void Xdp_program_of_another_site()
    {
        using Topology topology = Topology.WithEchoServers(1);
        SiteSpec other = Route.FullSite(topology, "tcp");
        Lbd.Start(topology, other);

        // Its port is in use too, by the process of the other site.
        Checkup checkup = Checkup.Of(topology, other with { Name = $"{topology.Site}-b" });

        Assert.Equal(["admin-port", "foreign-xdp"], checkup.Codes);
        Assert.All(
            checkup.Findings.Where(f => f.Code == "foreign-xdp"),
            f => Assert.Contains("lb_xdp", f.What, StringComparison.Ordinal));
    }

    [RootTheory]
    [InlineData("ingress")]
    [InlineData("egress")]
    public void Tc_program_of_somebody_else(string direction)
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("tc", "qdisc", "add", "dev", "backend0", "clsact");
        topology.Lb.Run(
            "tc", "filter", "add", "dev", "backend0", direction, "bpf", "bytecode", "1,6 0 0 0,", "flowid", "1:1");

        Checkup.Of(topology).AssertWarning("foreign-tc", "backend0", $"tc {direction}");
    }
}
