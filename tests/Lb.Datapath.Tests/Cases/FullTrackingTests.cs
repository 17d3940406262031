using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Services that remember every flow, also on clean slots.</summary>
public class FullTrackingTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Ways))]
    public void Unknown_flow_on_a_clean_slot_goes_to_current_and_is_remembered(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2))
            .Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Known_flow_on_a_clean_slot_stays_where_it_is(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 2).Tracked(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_on_a_clean_slot_is_pending_until_the_client_answers(Delivery way)
    {
        Scene scene = Tcp(way, Tracking.Full).Slot(current: 2);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Slot(current: 3)
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted());
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Flow_whose_backend_died_on_a_clean_slot_goes_to_current(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 2).Tracked(3).Dead(3);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Entry_of_another_service_on_a_clean_slot_is_overwritten(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 2).Tracked(3, Scene.OtherServiceId);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Spent_budget_on_a_clean_slot_leaves_the_flow_on_current(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol, Tracking.Full).Slot(current: 2).BudgetSpent();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Untracked());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Spent_budget_on_a_clean_slot_leaves_a_syn_on_current(Delivery way)
    {
        Scene scene = Tcp(way, Tracking.Full).Slot(current: 2).BudgetSpent();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().Untracked());
    }
}
