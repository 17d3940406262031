using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>On a moved slot, when this CPU may create no more entries in this tick.</summary>
public sealed class BudgetTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_without_budget_goes_to_previous_so_that_its_flow_stays_whole(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).BudgetSpent();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow().Untracked())
            .Send(scene.Packet(), e => e.Forwarded(to: 1).Untracked());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_without_budget_goes_to_current_when_previous_is_not_alive(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Dead(1).BudgetSpent();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().Untracked())
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Untracked());
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Unknown_flow_without_budget_goes_to_previous(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1).BudgetSpent();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Untracked());
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Known_flow_needs_no_budget(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1).Tracked(3).BudgetSpent();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Pending_flow_is_promoted_without_budget(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Pending(2).BudgetSpent();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted());
    }

    [RootFact]
    public void Budget_is_what_a_cpu_may_create_in_one_tick() => Ticks.InOne(() =>
    {
        Scene scene = Tcp(Delivery.Nat4).Slot(current: 2, previous: 1);
        scene.World.Budget = 1;
        Flow second = scene.Flow with { SourcePort = 41_000 };
        Packet other = scene.Packet().TcpHeader(tcp => tcp with { SourcePort = second.SourcePort });
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(other, e => e.Forwarded(to: 1, scene.Delivered(other, 1, second).ToBytes()).Untracked());
    });

    [RootFact]
    public void Budget_is_full_again_in_the_next_tick() => Ticks.Spanning(1, () =>
    {
        Scene scene = Tcp(Delivery.Nat4).Slot(current: 2, previous: 1);
        scene.World.Budget = 1;
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
        scene.World.Flows.Clear();
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Untracked())
            .NextTick(budget: 1)
            .Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    });
}
