using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>A slot without a change in its memory: the table alone decides.</summary>
public class CleanSlotTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Ways))]
    public void Packet_on_a_clean_slot_goes_to_current_and_leaves_no_state(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_on_a_clean_slot_counts_a_new_flow_and_leaves_no_state(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_with_ack_is_no_new_flow(Delivery way)
    {
        Scene scene = Tcp(way);
        scene.Send(
            scene.Packet().TcpHeader(tcp => tcp with { Flags = Packets.TcpFlags.Syn | Packets.TcpFlags.Ack }),
            e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Clean_slot_ignores_the_flow_tables(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2).Tracked(backend: 3).Pending(backend: 3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Backend_that_is_not_alive_still_gets_what_the_table_sends_it(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2).Dead(2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Service_without_tracking_goes_to_current_even_on_a_moved_slot(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.None).Slot(current: 2, previous: 1).Tracked(3).Pending(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Service_without_tracking_remembers_no_syn(Delivery way)
    {
        Scene scene = Tcp(way, Tracking.None).Slot(current: 2, previous: 1);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow());
    }
}
