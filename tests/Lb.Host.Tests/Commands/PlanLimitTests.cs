using System.Text.Json;

namespace Lb.Host.Tests.Commands;

/// <summary>Limits on what changes may do to live flows, as operators meet them.</summary>
public sealed class PlanLimitTests : IAsyncLifetime
{
    private const string Services = """
        plan { max-moved-flows = 50%, max-lost-flows = 0.25 }
        services.web { vip = 192.0.2.1, port = 80
          backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12, weight = 50 } } }
        """;

    private CommandNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandNode.StartAsync(Services);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("backend drain", "service", "web", "backend", "b1")]
    [InlineData("backend remove", "service", "web", "backend", "b1")]
    [InlineData("backend weight", "service", "web", "backend", "b1", "weight", "0")]
    [InlineData("backend disable", "service", "web", "backend", "b2")]
    [InlineData("service set", "service", "web", "setting", "mode=dsr-ipip")]
    [InlineData("service remove", "service", "web")]
    public async Task A_command_beyond_the_limits_is_refused_with_numbers_and_mend_and_done_when_forced(
        string command, params string[] arguments)
    {
        JsonElement plan = (await _node.RunAsync(command, [.. arguments, "plan", "true"])).GetProperty("data");
        JsonElement refused = await _node.RefusedAsync(422, command, arguments);
        Assert.Equal("plan-limit", refused.GetProperty("code").GetString());
        Assert.Contains("--force", refused.GetProperty("mend").GetString());
        string reasons = refused.TryGetProperty("reasons", out JsonElement all) ? $"{all}" : refused.GetProperty("detail").GetString()!;
        Assert.Matches("of the live flows of web would (move|lose their backend), and plan.max-(moved|lost)-flows is", reasons);
        Assert.NotEmpty(plan.GetProperty("refused").EnumerateArray());
        Assert.Equal(1, await RevisionAsync());

        await _node.RunAsync(command, [.. arguments, "force", "true", "why", "it must be"]);
        JsonElement last = (await _node.RunAsync("config history")).GetProperty("data")[1];
        Assert.StartsWith("it must be (forced: ", last.GetProperty("why").GetString());
    }

    [Fact]
    public async Task A_command_within_the_limits_needs_no_force()
    {
        JsonElement plan = (await _node.RunAsync(
            "backend weight", "service", "web", "backend", "b1", "weight", "90", "plan", "true")).GetProperty("data");
        Assert.Empty(plan.GetProperty("refused").EnumerateArray());
        await _node.RunAsync("backend weight", "service", "web", "backend", "b1", "weight", "90", "why", "a little");
        JsonElement last = (await _node.RunAsync("config history")).GetProperty("data")[1];
        Assert.Equal("a little", last.GetProperty("why").GetString());
    }

    [Fact]
    public async Task A_file_and_a_rollback_go_through_the_same_limits()
    {
        _node.WriteFile(Services.Replace("10.0.2.11", "10.0.2.99"));
        Assert.Equal("plan-limit", (await _node.RefusedAsync(422, "config apply")).GetProperty("code").GetString());
        JsonElement plan = await _node.RunAsync("config plan");
        Assert.StartsWith("Refused unless forced: ", plan.GetProperty("message").GetString());
        await _node.RunAsync("config apply", "force", "true");

        Assert.Equal(
            "plan-limit", (await _node.RefusedAsync(422, "config rollback", "revision", "1")).GetProperty("code").GetString());
        await _node.RunAsync("config rollback", "revision", "1", "force", "true");
        Assert.Equal(3, await RevisionAsync());
    }

    private async Task<long> RevisionAsync() =>
        (await _node.RunAsync("config show")).GetProperty("data").GetProperty("revision").GetInt64();
}
