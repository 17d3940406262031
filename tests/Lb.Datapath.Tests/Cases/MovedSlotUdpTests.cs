using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>UDP has no SYN: on a moved slot, time stands in for it.</summary>
public class MovedSlotUdpTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Deliveries))]
    public void Unknown_flow_within_the_window_goes_to_previous_and_is_remembered(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Unknown_flow_after_the_window_goes_to_current_without_state(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1, windowOver: true);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Known_flow_stays_where_it_is_after_the_window(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1, windowOver: true).Tracked(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Pending_entries_are_not_for_udp(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1).Pending(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Unknown_flow_goes_to_current_when_previous_is_not_alive(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1).Dead(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Known_flow_whose_backend_died_goes_to_previous(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1).Tracked(3).Dead(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Known_flow_whose_backend_died_goes_to_current_after_the_window(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1, windowOver: true).Tracked(3).Dead(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Fully_tracked_flow_is_remembered_on_current_after_the_window(Delivery way)
    {
        Scene scene = Udp(way, Tracking.Full).Slot(current: 2, previous: 1, windowOver: true);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Unknown_flow_after_the_window_is_remembered_where_other_nodes_may_be_before_it(Delivery way)
    {
        Scene scene = Udp(way).Slot(current: 2, previous: 1, windowOver: true).Shared();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }
}
