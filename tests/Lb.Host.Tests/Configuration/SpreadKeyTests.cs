using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

/// <summary>CPUs that packets are spread over.</summary>
public sealed class SpreadKeyTests
{
    [Theory]
    [InlineData("none", "none")]
    [InlineData("all", "all")]
    [InlineData("0", "0")]
    [InlineData("\"0\"", "0")]
    public void Choice_is_read(string written, string read) => Assert.Equal(read, Load($"spread.cpus = {written}").ToString());

    [Fact]
    public void Nothing_is_spread_unless_told()
    {
        Assert.True(Load("").IsNone);
        Assert.Equal(2048, Load("spread.cpus = all").Queue);
        Assert.Equal(SpreadWish.OverAll with { Queue = 64 }, Load("spread { cpus = all, queue = 64 }"));
    }

    [Theory]
    [InlineData("most")]
    [InlineData("3-1")]
    [InlineData("")]
    public void What_is_no_list_of_cpus_is_refused(string cpus) => MarkedConfig.AssertError(
        Text($"spread.cpus = ▸\"{cpus}\""), "lb.spread.cpus", "is no list of CPUs", "none, all, or a list", "numbers and ranges");

    [Fact]
    public void Cpu_that_the_host_cannot_have_is_refused() => MarkedConfig.AssertError(
        Text("spread.cpus = ▸\"0,8000-8001\""),
        "lb.spread.cpus", "this host has no CPU 8000-8001", "some of its CPUs", "name CPUs that it has");

    [Theory]
    [InlineData("63", "too small")]
    [InlineData("16385", "too large")]
    public void Queue_is_one_that_the_kernel_takes(string queue, string problem) => MarkedConfig.AssertError(
        Text($"spread.queue = ▸{queue}"), "lb.spread.queue", problem, "from 64 to 16384", "within the range");

    [Fact]
    public void Reload_changes_it_at_once()
    {
        LoadedConfig started = ConfigLoader.LoadText(Text(""), "site.conf").Config!;
        ReloadPlan plan = ReloadPlan.Of(started, ConfigLoader.LoadText(Text("spread.cpus = all"), "site.conf"), "site.conf");
        Assert.Empty(plan.Restart);
        Assert.Equal(SpreadWish.OverAll, plan.Config!.Node.Spread);
    }

    private static SpreadWish Load(string line) => ConfigLoader.LoadText(Text(line), "site.conf").Config!.Node.Spread;

    private static string Text(string line) => $"lb {{\n  interfaces = [eth0]\n  {line}\n}}";
}
