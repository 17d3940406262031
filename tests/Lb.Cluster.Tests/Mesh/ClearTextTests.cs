using System.Collections.Concurrent;
using Lb.Cluster.Mesh;
using Lb.Cluster.Transport;
using Lb.Testing;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>A node with certificates beside one without.</summary>
public sealed class ClearTextTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.2")]
    [InlineData("::1", "::1")]
    public async Task A_node_in_the_clear_is_not_heard_and_told_so(string host, string other)
    {
        await using var node = await MeshNode.StartAsync(_site, host);
        var address = MeshNode.FreeAddress(other);
        ConcurrentQueue<string> turnedAway = [];
        await using var clear = new UdpTransport(address, turnedAway.Enqueue);
        await clear.StartAsync(_ => Assert.Fail("nothing is meant for it"));
        var message = node.Message("hello", from: address);
        Wait.Until(
            () =>
            {
                clear.Send(node.Address, message);
                return turnedAway.Contains(node.Address) && node.Transport.InTheClear.Contains(address);
            },
            "both know", Soon);
        Assert.Equal(new MeshReport.ClearText(address), Assert.Single(node.Reports.OfType<MeshReport.ClearText>()));
        Assert.Empty(node.Received);
    }

    [Fact]
    public async Task What_is_no_message_is_not_answered()
    {
        await using var node = await MeshNode.StartAsync(_site);
        var address = MeshNode.FreeAddress("127.0.0.2");
        ConcurrentQueue<string> turnedAway = [];
        await using var clear = new UdpTransport(address, turnedAway.Enqueue);
        await clear.StartAsync(_ => { });
        clear.Send(node.Address, [1, 2, 3]);
        clear.Send(node.Address, node.Message("its own", from: node.Address));
        clear.Send(node.Address, node.Message("a stranger's", from: "8.8.8.8:53"));
        clear.Send(node.Address, node.Message("a message", from: address));
        Wait.Until(() => turnedAway.Count == 1, "only the message is answered", Soon);
        Assert.Equal(1, node.Transport.Counters[MeshCount.ClearText]);
    }
}
