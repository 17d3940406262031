using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Packets for a service that cannot be sent to a backend.</summary>
public class RefusalTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Ways))]
    public void Service_of_no_slots_has_no_backend(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).With(s => s with { Slots = 0 });
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoBackend));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Service_without_a_table_has_no_backend(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).With(s => s with { Table = 5 });
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoBackend));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Slot_of_backend_0_has_no_backend(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 0);
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoBackend));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Slot_of_backend_0_tracks_nothing_for_a_fully_tracked_service(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 0);
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoBackend));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_on_a_moved_slot_without_current_has_no_backend(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 0, previous: 1);
        scene.Send(scene.Syn(), e => e.DroppedOfService(Verdict.DropNoBackend))
            .Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Backend_without_next_hop_gets_nothing(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Backend(1, b => b with { NextHop = null });
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoNextHop));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Flow_is_remembered_although_its_packet_is_refused(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(2, previous: 1).Backend(1, b => b with { NextHop = null });
        scene.Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoNextHop).Tracked(1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Nat_drops_a_packet_whose_ttl_is_used_up(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(scene.Packet().Ttl(1), e => e.DroppedOfService(Verdict.DropTtl))
            .Send(scene.Packet().Ttl(0), e => e.DroppedOfService(Verdict.DropTtl))
            .Send(scene.Packet().Ttl(2), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Dsr_is_one_hop_whatever_the_ttl(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(scene.Packet().Ttl(1), e => e.Forwarded(to: 1))
            .Send(scene.Packet().Ttl(0), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Packet_of_the_mtu_passes_and_one_byte_more_is_too_big(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int room = Scene.Mtu - way.Overhead();
        int headers = scene.Packet().Payload(0).ToLayer3().Length;
        scene.Send(scene.Packet().Payload(room - headers), e => e.Forwarded(to: 1))
            .Send(scene.Packet().Payload(room - headers + 1), e => Refused(e, way, room));
    }

    /// <summary>What adds nothing has the MTU of where packets come from: one that is longer was not like that on the wire.</summary>
    private static Expectation Refused(Expectation expected, Delivery way, int room) =>
        way.Overhead() > 0 ? expected.Told(room) : expected.DroppedOfService(Verdict.DropTooBig);

    [RootTheory, MemberData(nameof(Ways))]
    public void Padding_does_not_make_a_packet_too_big(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        int exact = scene.Packet().ToLayer3().Length + way.Overhead();
        scene.NextHop(1, hop => hop with { Mtu = exact })
            .Send(scene.Packet().Pad(6), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Ttl_is_looked_at_before_the_size(Delivery way)
    {
        Scene scene = Tcp(way).NextHop(1, hop => hop with { Mtu = 40 });
        scene.Send(scene.Packet().Ttl(1), e => e.DroppedOfService(Verdict.DropTtl));
    }
}
