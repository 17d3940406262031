using Lb.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Configuration;

public sealed class ReloadTests
{
    private const string Service = "services.web { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }";

    [Fact]
    public void Keys_that_need_a_restart_are_named_and_keep_their_value()
    {
        ReloadPlan plan = Reload(
            $"lb {{ interfaces = [eth0], hash-seed = 7, {Service} }}",
            $"lb {{ site = other, interfaces = [eth1], hash-seed = 8, admin.port = 9111, kernel.max-flows = 2048, {Service} }}");
        Assert.Equal(
            ["lb.site", "lb.interfaces", "lb.kernel.max-flows", "lb.admin.port", "lb.hash-seed"],
            plan.Restart.AsEnumerable());
        Assert.Equal("default", plan.Config!.Site.Name);
        Assert.Equal(7u, Assert.Single(plan.Config.Site.Services).Value.Seed);
        Assert.Equal(9110, plan.Config.Node.Admin.Port);
        Assert.Equal(262144, plan.Config.Node.Kernel.MaxFlows);
    }

    [Fact]
    public void Same_values_written_in_another_way_need_no_restart()
    {
        ReloadPlan plan = Reload("lb { interfaces = [eth0] }", "lb.interfaces = [\"eth0\"]\nlb.site = \"default\"");
        Assert.Empty(plan.Restart);
        Assert.NotNull(plan.Config);
    }

    [Fact]
    public void Level_of_the_log_and_the_shutdown_change_at_once()
    {
        ReloadPlan plan = Reload(
            "lb.interfaces = [eth0]",
            "lb { interfaces = [eth0], log.level = debug, shutdown { drain = 5s, keep-forwarding = true } }");
        Assert.Empty(plan.Restart);
        Assert.Equal(LogLevel.Debug, plan.Config!.Node.Log.Level);
        Assert.Equal(new ShutdownOptions(TimeSpan.FromSeconds(5), true), plan.Config.Node.Shutdown);
    }

    [Fact]
    public void Services_and_what_concerns_all_of_them_change_at_once()
    {
        ReloadPlan plan = Reload(
            "lb.interfaces = [eth0]",
            $"lb {{ interfaces = [eth0], nat.direct = [10.0.0.0/8], flows.udp-window = 5s, {Service} }}");
        Assert.Empty(plan.Restart);
        Assert.Single(plan.Config!.Site.Services);
        Assert.Single(plan.Config.Site.Direct);
        Assert.Equal(TimeSpan.FromSeconds(5), plan.Config.Site.Flows.UdpWindow);
    }

    [Fact]
    public void Flow_log_changes_at_once_but_for_its_file()
    {
        ReloadPlan plan = Reload(
            $"lb {{ interfaces = [eth0], {Service} }}",
            $"lb {{ interfaces = [eth0], flow-log {{ path = /x, sample-rate = 3 }}, {Service}, services.web.flow-log = full }}");
        Assert.Equal(["lb.flow-log.path"], plan.Restart.AsEnumerable());
        Assert.Equal("-", plan.Config!.Node.FlowLogPath);
        Assert.Equal(3, plan.Config.Site.LogSample);
        Assert.Equal(Lb.Kernel.FlowLogging.Full, Assert.Single(plan.Config.Site.Services).Value.Logging);
    }

    [Fact]
    public void Broken_file_changes_nothing()
    {
        ReloadPlan plan = Reload("lb.interfaces = [eth0]", "lb { interfaces = [eth0], sit = x }");
        Assert.Null(plan.Config);
        Assert.Equal("lb.sit", Assert.Single(plan.Issues).Key);
    }

    [Fact]
    public void Limit_that_was_raised_does_not_help_the_running_kernel()
    {
        ReloadPlan plan = Reload(
            "lb { interfaces = [eth0], kernel { max-services = 1, max-backends = 2 } }",
            """
            lb { interfaces = [eth0], kernel { max-services = 9, max-backends = 9 }, services {
              a { vip = 192.0.2.1, port = 80, backends.b1.address = 10.0.2.11 }
              b { vip = 192.0.2.2, port = 80, backends.b1.address = 10.0.2.12 } } }
            """);
        Assert.Null(plan.Config);
        Assert.Equal(["lb.kernel.max-services", "lb.kernel.max-backends"], plan.Issues.Select(i => i.Key));
        Assert.All(plan.Issues, i => Assert.Contains("restart", i.Mend));
    }

    private static ReloadPlan Reload(string started, string wanted)
    {
        LoadResult before = ConfigLoader.LoadText(started, "site.conf");
        Assert.DoesNotContain(before.Issues, i => i.Severity == Severity.Error);
        return ReloadPlan.Of(before.Config!, ConfigLoader.LoadText(wanted, "site.conf"), "site.conf");
    }
}
