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
        Assert.Equal(after.Count(slot => slot.Previous != 0), plan.Kept);
        Assert.Equal(0, plan.Lost);
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
        Assert.Equal(plan.Services[0].Moved, plan.Services[0].Lost);
        Assert.True(plan.Services[0].Lost > 100, "no flow is lost");
        Assert.Equal((ones, 0, ones), (plan.Services[1].Moved, plan.Services[1].Kept, plan.Services[1].Lost));
        Assert.Equal(("b2", 1.0), (plan.Services[1].Highest, plan.Services[1].HighestShare));
    }

    [Fact]
    public void A_drain_moves_new_flows_and_keeps_older_ones()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        int ones = node.Table().Count(slot => slot.Current == 1);
        ServicePlan plan = Assert.Single(Plan(node, Configs.Site(
            Configs.Service(Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2)))).Services);
        Assert.Equal((ones, ones, 0), (plan.Moved, plan.Kept, plan.Lost));
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
        Assert.Equal((251, 251, 0), (plan.Services[1].SlotsBefore, plan.Services[1].Lost, plan.Services[1].SlotsAfter));
        Assert.Empty(Plan(node, node.Config).Services);
    }

    private static SitePlan Plan(Node node, SiteConfig site) => Assert.IsType<SitePlan>(node.Ask(new PlanSite(site)));
}
