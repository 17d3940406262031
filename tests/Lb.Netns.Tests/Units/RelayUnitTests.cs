using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Relays;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Units;

/// <summary>Relays with the capabilities of the unit of systemd.</summary>
public sealed class RelayUnitTests
{
    public static TheoryData<string> Kinds => RelayBed.Kinds;

    [RootTheory]
    [MemberData(nameof(Kinds))]
    public void Relay_serves_is_killed_and_leaves_the_host_clean(string interception)
    {
        using Topology topology = Topology.WithEchoServers(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        Route route = Route.Of("tproxy-v4") with { Port = Addresses.ServerPort };
        if (interception == "sk_lookup")
        {
            topology.Lb.Ip($"addr add {route.Vip} dev lo nodad"); // It takes packets for the host's own addresses only.
        }

        string before = RelayBed.Plumbing(topology.Lb);
        SiteSpec site = route.TcpSite(topology, backends: 1).With($"interception = {interception}");
        Lbd first = Lbd.Start(topology, site, sandbox.Start());
        Assert.Equal(Addresses.ClientOf(route.Vip.AddressFamily), Ask.Tcp(topology.Client, route.EndPoint).Greeting.Client.Address);
        first.Kill();
        sandbox.Prepare();

        Lbd second = Lbd.Start(topology, site, sandbox.Start());

        Assert.Equal("b1", Ask.TryTcp(topology.Client, route.EndPoint));
        Assert.Equal(interception, second.Relay().Interception?.By);
        Assert.Equal(0, second.Stop());
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
        Assert.Empty(second.LogLines("EPERM"));
    }
}
