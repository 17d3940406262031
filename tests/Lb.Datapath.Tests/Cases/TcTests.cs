using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Which packets <c>lb_tc</c> marks for the host, and so hands to a relay's socket.</summary>
public sealed class TcTests(Testbed bed) : DatapathTest(bed)
{
    private const uint Mark = 0x4c62_1234;
    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Families))]
    public void Packets_for_the_relays_listener_are_handed_over(Delivery way)
    {
        Scene scene = Relayed(Tcp(way));
        using HostSocket listener = HostSocket.Listening(_bed, way.Vip());
        Assert.Equal(Mark, Run(scene, scene.Syn()));
        Assert.Equal(Mark, Run(scene, scene.Packet()));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Packets_of_a_connection_are_handed_over_without_a_listener(Delivery way)
    {
        Scene scene = Relayed(Tcp(way));
        using HostSocket connection = HostSocket.Connecting(_bed, way.Vip(), way.Client());
        Assert.Equal(Mark, Run(scene, scene.Packet()));
        Assert.Equal(0u, Run(scene, scene.Packet().ComingFrom(way.OtherClient())));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Datagrams_for_the_relays_socket_are_handed_over(Delivery way)
    {
        Scene scene = Relayed(Udp(way));
        using HostSocket socket = HostSocket.ForDatagrams(_bed, way.Vip());
        Assert.Equal(Mark, Run(scene, scene.Packet()));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Listener_on_all_addresses_is_no_relays(Delivery way)
    {
        Scene scene = Relayed(Tcp(way));
        using HostSocket listener = HostSocket.Listening(
            _bed, new(way.HasV6Vip() ? System.Net.IPAddress.IPv6Any : System.Net.IPAddress.Any, way.Vip().Port));
        Assert.Equal(0u, Run(scene, scene.Syn()));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Packets_without_a_socket_go_on_as_they_came(Delivery way)
    {
        Scene scene = Relayed(Tcp(way));
        Assert.Equal(0u, Run(scene, scene.Syn()));
        Assert.Equal(0u, Run(scene, scene.Reply(2)));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Services_that_others_intercept_are_left_alone(Delivery way)
    {
        Scene scene = Tcp(way).With(service => service with { Mode = ForwardingMode.Tproxy });
        using HostSocket listener = HostSocket.Listening(_bed, way.Vip());
        Assert.Equal(0u, Run(scene, scene.Syn()));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Error_about_a_connection_of_the_relay_is_handed_over(Delivery way)
    {
        Scene scene = Relayed(Tcp(way));
        Packet error = IcmpErrorTests.Error(scene);
        Assert.Equal(0u, Run(scene, error));
        using HostSocket connection = HostSocket.Connecting(_bed, way.Vip(), way.Client());
        Assert.Equal(Mark, Run(scene, error));
    }

    [RootFact]
    public void Later_fragment_is_left_alone()
    {
        Scene scene = Relayed(Tcp(Delivery.Nat4));
        using HostSocket listener = HostSocket.Listening(_bed, Delivery.Nat4.Vip());
        Assert.Equal(0u, Run(scene, scene.Syn().Ip4(ip => ip with { Fragment = 8 })));
    }

    [RootFact]
    public void Packet_that_ends_before_its_ports_is_left_alone()
    {
        Scene scene = Relayed(Tcp(Delivery.Nat4));
        using HostSocket listener = HostSocket.Listening(_bed, Delivery.Nat4.Vip());
        Assert.Equal(0u, Run(scene, scene.Syn().ToBytes()[..36]));
    }

    private static Scene Relayed(Scene scene)
    {
        scene.With(service => service with { Mode = ForwardingMode.Tproxy, Relay = RelayFlags.Tc }).Replying();
        foreach ((Endpoint backend, NatEntry entry) in scene.World.Nat.ToArray())
        {
            scene.World.Nat[backend] = entry with { Flags = NatFlags.Sockets | NatFlags.RelaysOnly };
        }

        return scene;
    }

    private uint Run(Scene scene, Packet packet) => Run(scene, packet.ToBytes());

    private uint Run(Scene scene, byte[] frame)
    {
        uint mark = 0;
        _bed.Run(() =>
        {
            _bed.Kernel.Apply(scene.World);
            using var program = TcProgram.Load((LoadedDatapath)_bed.Kernel.Datapath, Mark);
            mark = program.Run(frame);
        });
        return mark;
    }
}
