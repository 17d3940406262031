using Akka.Actor;

namespace Lb.Actors.Tests;

/// <summary>What would do more to live flows than the site allows is refused, unless it is forced.</summary>
public class PlanLimitTests
{
    private static readonly ServiceConfig s_web = Configs.Service(Configs.Backend(1), Configs.Backend(2));

    [Theory]
    [InlineData(0.4, 1, BackendAdmin.Drain, PlanLimit.MaxMovedFlows)]
    [InlineData(1, 0, BackendAdmin.Disabled, PlanLimit.MaxLostFlows)]
    public void A_change_beyond_a_limit_is_refused_and_changes_nothing(
        double maxMoved, double maxLost, BackendAdmin admin, PlanLimit key)
    {
        using Node node = Limited(maxMoved, maxLost);
        var table = node.Table();
        ConfigLimited limited = Assert.IsType<ConfigLimited>(node.Ask(Change(admin)));
        PlanExcess excess = Assert.Single(limited.Excesses);
        Assert.Equal(("web", key), (excess.Service, excess.Key));
        Assert.InRange(excess.Share, 0.4, 0.6);
        Assert.Equal(table, node.Table());
        Assert.Equal(2, State(node).Revision);
    }

    [Fact]
    public void A_drain_loses_nothing_and_so_is_within_a_limit_on_lost_flows()
    {
        using Node node = Limited(1, 0);
        Assert.IsType<ConfigApplied>(node.Ask(Change(BackendAdmin.Drain)));
    }

    [Fact]
    public void What_is_forced_is_done_and_the_history_says_what_it_went_beyond()
    {
        using Node node = Limited(0.1, 0.1);
        Assert.IsType<ConfigApplied>(node.Ask(Change(BackendAdmin.Disabled) with { Force = true }));
        SiteHistory history = Assert.IsType<SiteHistory>(node.Ask(new GetHistory()));
        Assert.StartsWith("maintenance (forced: ", history.Revisions[^1].Info.Why);
        Assert.Contains("plan.max-lost-flows is 10.0", history.Revisions[^1].Info.Why);

        // Until it is carried out, it is what another change would do too.
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "all slots are backend 2's");
        Assert.IsType<ConfigApplied>(node.Ask(new ChangeSite(
            [new SiteChange.BackendWeighted("web", "b1", 7)], Configs.Operator, Force: true)));
        Assert.Equal("maintenance", Assert.IsType<SiteHistory>(node.Ask(new GetHistory())).Revisions[^1].Info.Why);
    }

    [Fact]
    public void A_file_and_a_rollback_are_held_to_the_limits_as_well()
    {
        using Node node = Limited(0.4, 1);
        SiteConfig file = node.Config with
        {
            Limits = PlanLimits.None,
            Services = Configs.Site(Configs.Service(Configs.Backend(1), Configs.Backend(3))).Services,
        };
        Assert.IsType<ConfigLimited>(node.Apply(file));
        Assert.IsType<ConfigApplied>(node.Ask(new ApplyConfig(file, Configs.Info, Force: true)));
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 3), "backend 3 is used");
        Assert.IsType<ConfigApplied>(node.Ask(new ApplyConfig(file with { Limits = new PlanLimits(0.4, 1) }, Configs.Info)));

        Assert.IsType<ConfigLimited>(node.Ask(new RollbackSite(1, Configs.Operator)));
        Assert.IsType<ConfigApplied>(node.Ask(new RollbackSite(1, Configs.Operator, Force: true)));
    }

    [Fact]
    public void A_limit_itself_can_be_changed_and_holds_from_then_on()
    {
        using Node node = Node.Start(s_web);
        Assert.IsType<ConfigApplied>(node.Apply(node.Config with { Limits = new PlanLimits(0, 0) }));
        Assert.IsType<ConfigLimited>(node.Ask(Change(BackendAdmin.Drain)));
        Assert.IsType<ConfigApplied>(node.Apply(node.Config with { Limits = PlanLimits.None }));
        Assert.IsType<ConfigApplied>(node.Ask(Change(BackendAdmin.Drain)));
    }

    [Fact]
    public void A_backend_that_dies_is_replaced_whatever_the_limits_are()
    {
        using Node node = Limited(0, 0);
        node.Prober.Down(1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "all slots are backend 2's");

        // What an operator then says of it moves nothing any more.
        Assert.IsType<ConfigApplied>(node.Ask(Change(BackendAdmin.Drain)));
    }

    [Fact]
    public void A_node_starts_with_a_file_that_moves_more_than_a_running_one_may()
    {
        using SiteDatabase database = new();
        SiteConfig first = Configs.Site(s_web) with { Limits = new PlanLimits(0, 0) };
        using (Node before = new(first, database: database))
        {
            before.WaitFor(() => before.Snapshot().Config.Revision == 1, "revision 1 holds");
        }

        using Node node = new(
            first with { Services = Configs.Site(Configs.Service(Configs.Backend(3))).Services }, database: database);
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 3), "backend 3 is used");
        Assert.Equal(0, State(node).Site.Limits.MaxLost);
    }

    [Fact]
    public async Task Changes_of_several_at_once_are_each_weighed_against_what_holds_then()
    {
        using Node node = Limited(0.9, 0.4);
        object[] answers = await Task.WhenAll(
            Ask(new SiteChange.BackendAdminSet("web", "b1", BackendAdmin.Disabled)),
            Ask(new SiteChange.BackendAdminSet("web", "b2", BackendAdmin.Disabled)),
            Ask(new SiteChange.BackendWeighted("web", "b1", 101)));
        Assert.Equal(2, answers.Count(answer => answer is ConfigLimited));
        Assert.Single(answers, answer => answer is ConfigApplied);
        Assert.Equal(3, State(node).Revision);

        Task<object> Ask(SiteChange change) =>
            node.Site.Ask<object>(new ChangeSite([change], Configs.Operator), TimeSpan.FromSeconds(20));
    }

    private static Node Limited(double maxMoved, double maxLost)
    {
        Node node = Node.Start(s_web);
        Assert.IsType<ConfigApplied>(node.Apply(node.Config with { Limits = new PlanLimits(maxMoved, maxLost) }));
        return node;
    }

    private static ChangeSite Change(BackendAdmin admin) =>
        new([new SiteChange.BackendAdminSet("web", "b1", admin)], Configs.Operator);

    private static ConfigState State(Node node) => Assert.IsType<ConfigState>(node.Ask(new GetConfig()));
}
