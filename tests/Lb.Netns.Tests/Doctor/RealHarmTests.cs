using System.Net.Sockets;
using System.Text;
using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Doctor;

/// <summary>What the doctor calls harm is harm: packets are lost, and arrive once it is mended.</summary>
public sealed class RealHarmTests
{
    [RootFact]
    public void Strict_filter_drops_replies_without_a_next_hop_until_it_is_mended_under_a_running_node()
    {
        using Topology topology = Topology.WithEchoServers(1);
        Route route = Route.Of("nat-v4");
        SiteSpec site = new SiteSpec(topology.Site)
            .Add(route.Service("udp", topology.Backends) with { Check = "none" });
        Lbd.Start(topology, site);
        topology.Lb.Run("sysctl", "-qw", "net.ipv4.conf.backend0.rp_filter=1");

        // The client does not ask for the node's link-layer address, from which the node would learn the client's.
        topology.Client.Ip($"neigh replace 10.77.1.1 lladdr {topology.Lb.Mac("client0")} dev eth0 nud permanent");
        topology.Lb.Ip("neigh flush dev client0");
        topology.Client.Invoke(() =>
        {
            using Socket socket = Ask.OpenUdp(route.EndPoint);
            socket.Send(Encoding.ASCII.GetBytes("lost"));
        });
        Wait.Until(() => ReversePathDrops(topology.Lb) > 0, "the kernel drops the reply for its source");
        Checkup.Of(topology, site).AssertError("rp-filter", "backend0");

        Checkup.Of(topology, site, fix: true).AssertHealthy();

        Assert.Equal("b1", Ask.Udp(topology.Client, route.EndPoint).Greeting.Backend);
    }

    private static long ReversePathDrops(TestNamespace host) => host.Counter("TcpExtIPReversePathFilter");
}
