using System.Text.Json;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Host.Tests.Commands;

/// <summary>What a site of one node says of itself.</summary>
public sealed class ClusterCommandTests : IAsyncLifetime
{
    private const string Services = """
        services.web { vip = 192.0.2.1, port = 80
          backends { b1 { address = 10.0.2.11 }, b2 { address = 10.0.2.12, weight = 50 } } }
        """;

    private CommandNode _node = null!;

    private NodeState State => _node.Services.GetRequiredService<NodeState>();

    public async Task InitializeAsync()
    {
        _node = await CommandNode.StartAsync(Services);
        State.Started = true;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Show_is_one_line_of_this_node_and_a_count()
    {
        JsonElement shown = await _node.RunAsync("cluster show");
        Assert.Equal("1 node", shown.GetProperty("count").GetString());
        JsonElement row = Assert.Single(shown.GetProperty("rows").EnumerateArray());
        Assert.Equal(
            ["akka://lb", "[alone]", "up", "reachable", Environment.MachineName],
            row.EnumerateArray().Take(5).Select(cell => cell.GetString()));
        JsonElement node = Assert.Single(shown.GetProperty("data").GetProperty("nodes").EnumerateArray());
        Assert.Equal(1, node.GetProperty("revision").GetInt64());
        Assert.Equal("good", node.GetProperty("kernel").GetString());
        JsonElement web = Assert.Single(node.GetProperty("services").EnumerateArray());
        Assert.True(web.GetProperty("inKernel").GetBoolean());
        Assert.Equal(
            (await _node.RunAsync("service show", "service", "web")).GetProperty("data").GetProperty("digest").GetString(),
            web.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Tables_digest_follows_what_is_in_force()
    {
        string before = await TablesAsync();
        await _node.RunAsync("backend drain", "service", "web", "backend", "b1");
        Wait.Until(() => TablesAsync().GetAwaiter().GetResult() != before, "the digest is another");
        await _node.RunAsync("backend undrain", "service", "web", "backend", "b1");
        Wait.Until(() => TablesAsync().GetAwaiter().GetResult() == before, "the digest is that of before");
    }

    [Fact]
    public async Task Status_is_a_line_when_all_is_well_and_a_failure_that_says_what_is_not()
    {
        Assert.StartsWith(
            "Site test is well: 1 node, revision 1, 1 service in the kernel, tables ",
            (await _node.RunAsync("cluster status")).GetProperty("message").GetString());

        State.Draining = true;
        JsonElement ending = await _node.RefusedAsync(503, "cluster status");
        Assert.Equal(("not-well", "site test: its node is ending"), (
            ending.GetProperty("code").GetString(), ending.GetProperty("detail").GetString()));
        Assert.Equal("leaving", (await _node.RunAsync("cluster show")).GetProperty("rows")[0][2].GetString());
        State.Draining = false;

        ((FakeDatapath)_node.Services.GetRequiredService<IDatapath>()).FailAll();
        JsonElement failing = await _node.RefusedAsync(503, "cluster status");
        Assert.Contains("the kernel is failing: ", failing.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("cluster show", "node", "a")]
    [InlineData("cluster status", "quiet", "true")]
    public async Task Arguments_are_refused(string command, params string[] arguments) =>
        await _node.RefusedAsync(400, command, arguments);

    [Fact]
    public async Task A_node_alone_has_nothing_to_leave_and_nobody_to_give_up()
    {
        await _node.RefusedAsync(404, "cluster join");
        foreach (JsonElement refused in new[]
        {
            await _node.RefusedAsync(422, "cluster leave"),
            await _node.RefusedAsync(422, "cluster down", "address", "10.0.0.2:9120"),
        })
        {
            Assert.Equal("this node is alone", refused.GetProperty("detail").GetString());
        }
    }

    private async Task<string> TablesAsync() =>
        (await _node.RunAsync("cluster status")).GetProperty("data").GetProperty("tables").GetString()!;
}
