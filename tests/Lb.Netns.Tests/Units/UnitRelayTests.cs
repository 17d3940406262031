using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Doctor;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Relays;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Units;

/// <summary>Relays of an lbd as the unit runs it.</summary>
public sealed class UnitRelayTests
{
    private const string Bind = "CAP_NET_BIND_SERVICE";
    private static readonly Route Relayed = Route.Of("tproxy-v4");

    [RootFact]
    public void Relays_of_low_ports_serve_and_leave_nothing()
    {
        using Topology topology = Topology.WithEchoServers(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);
        string before = RelayBed.Plumbing(topology.Lb);
        Lbd lbd = Lbd.Start(topology, Both(topology) with { Conntrack = "bypass" }, sandbox.Start());

        Assert.Equal("b1", Ask.TryTcp(topology.Client, Relayed.EndPoint));
        Assert.Equal("b1", Ask.Udp(topology.Client, Relayed.EndPoint).Greeting.Backend);
        Assert.Empty(lbd.LogLines("EPERM"));
        Assert.Empty(lbd.LogLines("EACCES"));

        Assert.Equal(0, lbd.Stop());
        Assert.Equal(before, RelayBed.Plumbing(topology.Lb));
    }

    [RootFact]
    public void Without_the_capability_for_low_ports_the_doctor_names_it()
    {
        using Topology topology = Topology.WithEchoServers(1);
        UnitSandbox sandbox = UnitSandbox.Create(topology);

        Checkup.Of(topology, Both(topology), through: sandbox.Start()).AssertHealthy();
        Checkup.Of(topology, Both(topology), through: sandbox.Start(without: Bind)).AssertError("capabilities", Bind);
    }

    private static SiteSpec Both(Topology topology) =>
        Relayed.UdpSite(topology, backends: 1)
        .Add(Relayed.Service("tcp", topology.Backends))
        .ChangeAll(service => service with { Check = "none" })
        .With("connections = 1000");
}
