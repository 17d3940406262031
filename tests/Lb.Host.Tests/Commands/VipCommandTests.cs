using System.Text.Json;
using Lb.Host.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Lb.Host.Tests.Commands;

/// <summary><c>cluster vips</c> and <c>cluster drain</c> of a node that announces nothing.</summary>
public sealed class VipCommandTests : IAsyncLifetime
{
    private CommandNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await CommandNode.StartAsync(
            "services.web { vip = 192.0.2.1, port = 80, backends.b1 { address = 10.0.2.11 } }");
        _node.Services.GetRequiredService<NodeState>().Started = true;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_node_that_announces_nothing_says_so()
    {
        JsonElement shown = await _node.RunAsync("cluster vips");

        Assert.Contains("announces nothing", shown.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("none", shown.GetProperty("data").GetProperty("mode").GetString());
        Assert.Empty(shown.GetProperty("data").GetProperty("vips").EnumerateArray());
    }

    [Fact]
    public async Task A_drained_node_is_not_ready_until_that_is_undone()
    {
        NodeState state = _node.Services.GetRequiredService<NodeState>();
        Assert.True(state.IsReady);

        await _node.RunAsync("cluster drain");
        Assert.False(state.IsReady);

        await _node.RunAsync("cluster drain", "undo", "true");
        Assert.True(state.IsReady);
    }
}
