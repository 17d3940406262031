using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>A service that moved to a relay or from it: a socket of the host says whose a packet is.</summary>
public class MovedServiceTests(Testbed bed) : DatapathTest(bed)
{
    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Deliveries))]
    public void New_flows_go_to_the_relay_and_older_ones_stay_with_their_backend(Delivery way)
    {
        Scene scene = ToRelay(way);
        scene.Send(scene.Syn(), e => e.Relayed(opens: true))
            .Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Connection_of_the_relay_stays_with_it_after_the_move_back(Delivery way)
    {
        Scene scene = FromRelay(way);
        using HostSocket socket = Connection(scene, way.Vip(), way.Client());
        scene.Send(scene.Packet(), e => e.Relayed())
            .Send(scene.Syn(), e => e.Relayed(opens: true));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Connection_of_the_relay_is_not_taken_for_an_older_flow(Delivery way)
    {
        Scene scene = ToRelay(way);
        using HostSocket socket = Connection(scene, way.Vip(), way.Client());
        scene.Send(scene.Packet(), e => e.Relayed());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Flows_without_a_socket_go_by_the_kernel_after_the_move_back(Delivery way)
    {
        Scene scene = FromRelay(way);
        using HostSocket listener = HostSocket.Listening(_bed, way.Vip());
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow())
            .Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Error_about_an_older_flow_goes_to_its_backend(Delivery way)
    {
        Scene scene = FromRelay(way);
        Packet error = IcmpErrorTests.Error(scene);
        using (Connection(scene, way.Vip(), way.Client()))
        {
            scene.Send(error, e => e.Passed(Verdict.IcmpError).Relayed());
        }
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Reply_without_a_socket_is_that_of_a_nat_flow(Delivery way)
    {
        Scene scene = Flagged(Tcp(way).Replying(), NatFlags.Sockets);
        Packet reply = scene.Reply(2);
        Packet sent = reply.ComingFrom(way.Vip()).Hop().Macs(Roles.NodeMac, Roles.GatewayMac);
        scene.Send(reply, e => e.Replied(2).Leaves(XdpAction.Transmit, sent.ToBytes(), Verdict.Reply));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Reply_of_a_backend_that_has_relays_only_is_left_alone(Delivery way)
    {
        Scene scene = Flagged(Tcp(way).Replying(), NatFlags.Sockets | NatFlags.RelaysOnly);
        scene.Send(scene.Reply(2), e => e.NotOurs());
    }

    private static Scene Flagged(Scene scene, NatFlags flags)
    {
        foreach ((Endpoint backend, NatEntry entry) in scene.World.Nat.ToArray())
        {
            scene.World.Nat[backend] = entry with { Flags = flags };
        }

        return scene;
    }

    private Scene ToRelay(Delivery way) => Tcp(way, Tracking.Full).With(service => service with
    {
        Mode = ForwardingMode.Tproxy,
        Relay = way.Mode() switch
        {
            ForwardingMode.Nat => RelayFlags.OlderNat,
            ForwardingMode.DsrIpip => RelayFlags.OlderIpip,
            ForwardingMode.DsrGue => RelayFlags.OlderGue,
            _ => RelayFlags.OlderL2,
        },
    });

    private Scene FromRelay(Delivery way) => Tcp(way).With(service => service with { Relay = RelayFlags.Older });

    private HostSocket Connection(Scene scene, IPEndPoint local, IPEndPoint remote)
    {
        scene.World.Sockets.Add((local, remote));
        return HostSocket.Connecting(_bed, local, remote);
    }
}
