using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>What a plan foretells is what happens.</summary>
public class PlanTests
{
    [Fact]
    public void A_plan_of_an_added_backend_foretells_the_slots_that_move_and_changes_nothing()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        var before = node.Table();
        SiteConfig wanted = Configs.Site(Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));

        ServicePlan plan = Assert.Single(Plan(node, wanted).Services);
        Assert.Equal(before, node.Table());
        node.Apply(wanted);
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 3), "backend 3 is used");

        var after = node.Table();
        Assert.Equal(Enumerable.Range(0, after.Length).Count(slot => before[slot].Current != after[slot].Current), plan.Moved);
        Assert.Equal(FlowSource.Slots, plan.Flows.Source);
        Assert.Equal(after.Count(slot => slot.Previous != 0), Slots(plan, plan.Flows.ByPrevious));
        Assert.Equal(plan.Moved, Slots(plan, plan.Flows.Moved));
        Assert.Equal(0, plan.Flows.Lost);
        Assert.Equal(251, plan.SlotsAfter);
        Assert.InRange(plan.HighestShare, 0.33, 0.36);
    }

    [Fact]
    public void Flows_of_a_disabled_backend_and_of_an_untracked_service_are_foretold_to_be_lost()
    {
        ServiceConfig mail = Configs.Service(Configs.Backend(5), Configs.Backend(6)).Named("mail", "192.0.2.11");
        using Node node = Node.Start(
            Configs.Service(Configs.Backend(1), Configs.Backend(2)), mail with { Tracking = Tracking.None });
        int ones = node.Table().Count(slot => slot.Current == 1);

        SitePlan plan = Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1, admin: BackendAdmin.Disabled), Configs.Backend(2)),
            Configs.Service(Configs.Backend(5, weight: 1), Configs.Backend(6)).Named("mail", "192.0.2.11")
                with
            { Tracking = Tracking.None }));

        Assert.Equal(["mail", "web"], plan.Services.Select(service => service.Service));
        ServicePlan untracked = plan.Services[0];
        Assert.Equal(untracked.Moved, Slots(untracked, untracked.Flows.Lost));
        Assert.True(untracked.Flows.Lost > 0.4, "no flow is lost");
        ServicePlan disabled = plan.Services[1];
        Assert.Equal((ones, 0.0), (disabled.Moved, disabled.Flows.Protected));
        Assert.Equal(ones, Slots(disabled, disabled.Flows.Lost));
        Assert.Equal(("b2", 1.0), (plan.Services[1].Highest, plan.Services[1].HighestShare));
    }

    [Fact]
    public void A_plan_right_after_a_change_goes_by_the_table_that_the_change_gets()
    {
        ServiceConfig one = Configs.Service(Configs.Backend(1), Configs.Backend(2));
        ServiceConfig other = Configs.Service(Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2));
        using Node node = Node.Start(one);
        int ones = node.Table().Count(slot => slot.Current == 1);
        for (int i = 0; i < 50; i++)
        {
            node.Apply(Configs.Site(other));
            Assert.Equal(ones, Assert.Single(Plan(node, Configs.Site(one)).Services).Moved);
            (one, other) = (other, one);
        }
    }

    [Fact]
    public void A_drain_moves_new_flows_and_keeps_older_ones()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        int ones = node.Table().Count(slot => slot.Current == 1);
        ServicePlan plan = Assert.Single(Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2)))).Services);
        Assert.Equal((ones, ones, 0.0), (plan.Moved, Slots(plan, plan.Flows.ByPrevious), plan.Flows.Lost));
    }

    [Fact]
    public void Where_every_flow_is_tracked_the_flow_table_tells_the_shares()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)) with { Tracking = Tracking.Full });
        var table = node.Table();
        for (ushort port = 1; port <= 100; port++)
        {
            // One in four is where a table before this one put it.
            int slot = Slot(port);
            node.AddFlow(port, port % 4 == 0 ? 3 - table[slot].Current : table[slot].Current, slot);
        }

        node.AddFlow(200, 1, Slot(200), TimeSpan.FromHours(1));
        int onOne = Enumerable.Range(1, 100).Count(port => table[Slot((ushort)port)].Current == 1);
        int ofOne = node.Datapath.ReadFlows().Count(flow => flow.Idle < TimeSpan.FromHours(1) && flow.Backend == node.Index(1));

        ServicePlan drain = Assert.Single(Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2)) with
            { Tracking = Tracking.Full })).Services);
        Assert.Equal((FlowSource.FlowTable, 100), (drain.Flows.Source, drain.Flows.Known));
        Assert.Equal((onOne / 100.0, onOne / 100.0, 0.0), (drain.Flows.Moved, drain.Flows.ByFlowTable, drain.Flows.Lost));

        ServicePlan disable = Assert.Single(Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1, admin: BackendAdmin.Disabled), Configs.Backend(2)) with
            { Tracking = Tracking.Full })).Services);
        Assert.Equal(ofOne / 100.0, disable.Flows.Lost);
        Assert.NotEqual(disable.Flows.Moved, disable.Flows.Lost);

        ServicePlan gone = Assert.Single(Plan(node, Configs.Site()).Services);
        Assert.Equal((100, 1.0, 1.0), (gone.Flows.Known, gone.Flows.Moved, gone.Flows.Lost));
    }

    [Fact]
    public void Of_moved_slots_the_flow_table_tells_which_of_their_flows_are_where()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.Change(_ => Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 3), "backend 3 is used");
        var table = node.Table();
        ushort port = 0;
        for (ushort candidate = 1; candidate <= 2000; candidate++)
        {
            if (table[Slot(candidate)] is { Current: 3, Previous: 1 })
            {
                // Every flow of such a slot is new, and so at backend 3.
                node.AddFlow(candidate, 3, Slot(candidate));
                port = candidate;
            }
        }

        Assert.NotEqual(0, port);
        int moved = table.Index().Count(slot => slot.Item is { Previous: 1 } && !HasFlow(slot.Index));

        // Without backend 1 only flows are lost that are on its clean slots or that moved slots would send to it.
        ServicePlan plan = Assert.Single(Plan(node, Configs.Site(Configs.Service(
            Configs.Backend(1, admin: BackendAdmin.Disabled), Configs.Backend(2), Configs.Backend(3)))).Services);
        Assert.Equal(FlowSource.SlotsAndFlowTable, plan.Flows.Source);
        Assert.Equal(
            table.Count(slot => slot is { Current: 1, Previous: 0 }) + moved, Slots(plan, plan.Flows.Lost));

        bool HasFlow(int slot) => node.Datapath.ReadFlows().Any(flow => flow.Slot == slot);
    }

    [Fact]
    public void A_plan_goes_by_slots_when_the_kernel_does_not_tell_the_flows()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)) with { Tracking = Tracking.Full });
        node.Datapath.FailAll();
        ServicePlan plan = Assert.Single(Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1, admin: BackendAdmin.Disabled), Configs.Backend(2)) with
            { Tracking = Tracking.Full })).Services);
        Assert.Equal(FlowSource.Slots, plan.Flows.Source);
        Assert.True(plan.Flows.Lost > 0.4, "no flow is lost");
    }

    [Fact]
    public void Another_mode_cuts_every_flow()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1) with { Port = 80 }));
        ServicePlan plan = Assert.Single(Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1) with { Port = 80 }) with { Mode = ForwardingMode.DsrIpip })).Services);
        Assert.Equal((0, 1.0), (plan.Moved, plan.Flows.Lost));
    }

    [Fact]
    public void Services_that_come_go_or_stay_are_told_apart()
    {
        using Node node = Node.Start(
            Configs.Service(Configs.Backend(1)), Configs.Service(Configs.Backend(2)).Named("mail", "192.0.2.11"));
        SitePlan plan = Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1)), Configs.Service(Configs.Backend(3)).Named("dns", "192.0.2.53")));
        Assert.Equal(["dns", "mail"], plan.Services.Select(service => service.Service));
        Assert.Equal((0, 0), (plan.Services[0].Moved, plan.Services[0].SlotsBefore));
        Assert.Equal((251, 1.0, 0), (plan.Services[1].SlotsBefore, plan.Services[1].Flows.Lost, plan.Services[1].SlotsAfter));
        Assert.Empty(Plan(node, node.Config).Services);
    }

    /// <summary>A share as a number of slots.</summary>
    private static int Slots(ServicePlan plan, double share)
    {
        double slots = share * plan.SlotsAfter;
        Assert.Equal(Math.Round(slots), slots, 1e-4);
        return (int)Math.Round(slots);
    }

    /// <summary>The slot of a flow that <see cref="Node.AddFlow"/> makes.</summary>
    private static int Slot(ushort port) => (int)FlowHash.Slot(
        new Flow(System.Net.IPAddress.Parse("198.51.100.9"), port, Configs.Vip.Address, 80, TransportProtocol.Tcp), 7, 251);

    private static SitePlan Plan(Node node, SiteConfig site) => Assert.IsType<SitePlan>(node.Ask(new PlanSite(site)));
}
