using System.Net;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>Faults of settings, routes and neighbours, each made in a topology that is well otherwise.</summary>
public sealed class NetworkFaultTests
{
    [RootFact]
    public void Strict_reverse_path_filter()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("sysctl", "-qw", "net.ipv4.conf.backend0.rp_filter=1");

        Checkup.Of(topology).AssertError("rp-filter", "backend0", "rp_filter = 1").AssertFixable();
    }

    [RootFact]
    public void Forwarding_of_IPv4_that_is_off()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("sysctl", "-qw", "net.ipv4.ip_forward=0");

        Checkup.Of(topology).AssertError("ip-forward", "backend0", "IPv4").AssertFixable();
    }

    [RootFact]
    public void Forwarding_of_IPv6_that_is_off()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=0");

        Checkup.Of(topology).AssertError("ip6-forward", "backend0", "IPv6").AssertFixable();
    }

    [RootFact]
    public void Held_VIP_whose_replies_are_refused()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip($"addr add {Addresses.NatVip4}/32 dev lo");

        Checkup.Of(topology).AssertError("accept-local", "backend0", $"{Addresses.NatVip4}", "lo").AssertFixable();
    }

    [RootFact]
    public void Backend_without_a_route()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Lb.Ip("route del 10.77.2.0/24 dev backend0");

        Checkup.Of(topology).AssertError("route-missing", "b1 (10.77.2.11)", "b2 (10.77.2.12)");
    }

    [RootFact]
    public void Backend_behind_an_interface_that_is_not_listed()
    {
        using Topology topology = Topology.WithBackends(1);
        SiteSpec site = Route.FullSite(topology, "tcp") with { Interfaces = ["client0"] };

        Checkup.Of(topology, site).AssertError("route-unlisted", "backend0", "b1");
    }

    [RootFact]
    public void Backend_behind_a_device_without_link_layer_addresses()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("tuntap add dev tun0 mode tun");
        topology.Lb.Ip("link set tun0 mtu 1600 up");
        topology.Lb.Ip("route add 10.77.2.11/32 dev tun0");

        Checkup.Of(topology).AssertError("route-device", "tun0", "b1");
    }

    [RootFact]
    public void Backend_that_does_not_answer()
    {
        using Topology topology = Topology.WithBackends(2);
        topology.Backends[1].Disconnect();

        Checkup.Of(topology).AssertWarning("neighbour", "b2", "backend0");
    }

    [RootFact]
    public void Backend_that_answered_a_moment_ago_and_is_gone()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("ping", "-c", "1", "-W", "2", $"{topology.Backends[0].V4}");
        topology.Backends[0].Disconnect();

        Checkup.Of(topology, Route.Of("nat-v4").TcpSite(topology, backends: 1)).AssertWarning("neighbour", "10.77.2.11");
    }

    [RootFact]
    public void Gateway_that_does_not_answer()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("route add 198.51.100.0/24 via 10.77.2.99");
        SiteSpec site = WithBackendAt(topology, "198.51.100.7");

        Checkup.Of(topology, site).AssertError("neighbour", "Gateway 10.77.2.99", "b1 (198.51.100.7)");
    }

    [RootFact]
    public void Backend_that_is_the_host_itself()
    {
        using Topology topology = Topology.WithBackends(1);

        Checkup.Of(topology, WithBackendAt(topology, "10.77.2.1")).AssertError("backend-local", "b1 (10.77.2.1)");
    }

    [RootFact]
    public void Mtu_without_room_for_the_outer_header()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Ip("link set backend0 mtu 1500");

        // IPv6 outside takes more than IPv4: the larger need is told.
        Checkup.Of(topology).AssertWarning("mtu-budget", "backend0", "1500", "1548", "dsr-gue");
        Checkup.Of(topology, Route.Of("dsr-v6").TcpSite(topology, backends: 1)).AssertWarning("mtu-budget", "1540");
        Checkup.Of(topology, Route.Of("dsr-v4").TcpSite(topology, backends: 1)).AssertWarning("mtu-budget", "1520");
    }

    [RootFact]
    public void Firewall_that_drops_what_is_forwarded()
    {
        using Topology topology = Topology.WithBackends(1);
        topology.Lb.Run("nft", "add table inet guard");
        topology.Lb.Run("nft", "add chain inet guard through { type filter hook forward priority 0; policy drop; }");

        Checkup.Of(topology).AssertWarning("firewall-forward", "inet guard through");
    }

    private static SiteSpec WithBackendAt(Topology topology, string address) => Route.Of("nat-v4")
        .TcpSite(topology, backends: 1)
        .ChangeAll(s => s.Change("b1", b => b with { Address = IPAddress.Parse(address) }));
}
