using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>TCP on a slot that went from backend 1 to backend 2 within the service's flow memory.</summary>
public class MovedSlotTcpTests(Testbed bed) : DatapathTest(bed)
{
    public static TheoryData<Delivery, Tracking> Trackings { get; } = AllTrackings();

    [RootTheory, MemberData(nameof(Trackings))]
    public void Syn_on_a_moved_slot_goes_to_current_as_pending(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Segment_of_an_unknown_flow_goes_to_previous_and_is_remembered(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Flow_opened_on_a_moved_slot_stays_on_current(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted())
            .Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Flow_older_than_the_change_stays_on_previous(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(scene.Packet(), e => e.Forwarded(to: 1))
            .Send(scene.Packet().TcpHeader(t => t with { Flags = TcpFlags.Fin | TcpFlags.Ack }), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Repeated_syn_stays_pending_with_its_backend(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Pending(backend: 3);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 3).NewFlow());
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Syn_of_an_established_flow_cannot_move_it(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 3);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 3).NewFlow());
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Established_entry_comes_before_a_pending_one(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 3).Pending(backend: 2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Flow_whose_backend_died_goes_to_previous_and_its_entry_is_overwritten(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 3).Dead(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Flow_whose_backend_and_previous_died_goes_to_current(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 1).Dead(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Syn_of_a_flow_whose_backend_died_goes_to_current_as_pending(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 3).Dead(3);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted());
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Pending_flow_whose_backend_died_is_as_unknown(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Pending(backend: 3).Dead(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Entry_of_another_service_is_as_unknown(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(3, Scene.OtherServiceId).Pending(3, Scene.OtherServiceId);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Unknown_segment_goes_to_current_when_previous_is_not_alive(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Dead(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Other_flows_on_the_slot_do_not_matter(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(3);
        Packet other = scene.Packet().TcpHeader(tcp => tcp with { SourcePort = 40_999 });
        Flow flow = scene.Flow with { SourcePort = 40_999 };
        scene.Send(other, e => e.Forwarded(to: 1, scene.Delivered(other, 1, flow).ToBytes()).Tracked(1, flow));
    }

    private static TheoryData<Delivery, Tracking> AllTrackings()
    {
        var data = new TheoryData<Delivery, Tracking>();
        foreach (Delivery delivery in Enum.GetValues<Delivery>())
        {
            data.Add(delivery, Tracking.Minimal);
            data.Add(delivery, Tracking.Full);
        }

        return data;
    }

    private Scene Moved(Delivery way, Tracking tracking) => Tcp(way, tracking).Slot(current: 2, previous: 1);
}
