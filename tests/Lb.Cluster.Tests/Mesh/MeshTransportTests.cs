using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Testing;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Transports that talk by real TLS on loopback, where each address is a node's.</summary>
public sealed class MeshTransportTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestSite _site = new();
    private readonly List<MeshNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _site.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.2", "127.0.0.3")]
    [InlineData("::1", "::1", "::1")]
    public async Task Three_nodes_hear_each_other(params string[] hosts)
    {
        MeshNode[] nodes = [.. await Task.WhenAll(hosts.Select(host => StartAsync(host)))];
        foreach (var from in nodes)
        {
            foreach (var to in nodes.Where(node => node != from))
            {
                Until(() => to.Has($"of {from.Address}"), from, to, () => from.Send(to, $"of {from.Address}"));
            }
        }
    }

    [Fact]
    public async Task Messages_of_any_length_up_to_the_limit_arrive_whole()
    {
        var one = await StartAsync("127.0.0.1");
        var two = await StartAsync("127.0.0.2");
        var longest = one.Transport.LongestMessage - one.Message("").Length;
        foreach (var length in new[] { 0, 1, 4000, 16 * 1024, 70_000, longest })
        {
            var text = new string((char)('a' + (length % 26)), length);
            one.Send(two, text);
            Until(() => two.Has(text), one, two, null);
        }
    }

    [Fact]
    public async Task Short_messages_do_not_wait_behind_long_ones()
    {
        // The long ones are more than the receiver takes while its reader is held up.
        using var held = new ManualResetEventSlim();
        var two = new MeshNode(MeshNode.PatientAt("127.0.0.2"), _site.Credentials("127.0.0.2"));
        _nodes.Add(two);
        await two.Transport.StartAsync(message =>
        {
            if (message.Length > 4096)
            {
                held.Wait();
            }

            two.Received.Enqueue(message.ToArray());
        });
        var one = await StartAsync("127.0.0.1");
        try
        {
            for (var i = 0; i < 20; i++)
            {
                one.Send(two, new string('x', 900_000));
            }

            one.Send(two, "short");
            Until(() => two.Has("short"), one, two, null);
            Assert.DoesNotContain(two.Received, message => message.Length > 4096);
            Until(() => one.Transport.Counters[MeshCount.DroppedQueueFull] > 0, one, two, null);
        }
        finally
        {
            held.Set();
        }

        Until(() => two.Received.Any(message => message.Length > 4096), one, two, null);
    }

    [Fact]
    public async Task A_message_above_the_limit_is_not_sent_and_said()
    {
        var one = await StartAsync("127.0.0.1");
        var two = await StartAsync("127.0.0.2");
        one.Transport.Send(two.Address, new byte[one.Transport.LongestMessage + 1]);
        Assert.True(one.Reported<MeshReport.TooLong>(report => report.Length == report.Limit + 1 && report.Peer == two.Address));
        Assert.Equal(1, one.Transport.Counters[MeshCount.DroppedTooLong]);
    }

    [Fact]
    public async Task A_frame_above_the_receivers_limit_ends_the_stream_with_a_reason_at_both_ends()
    {
        var one = await StartAsync("127.0.0.1");
        var two = await StartAsync("127.0.0.2", null, options => options with { LongestMessage = 10_000 });
        one.Send(two, new string('x', 20_000));
        Until(() => two.Reported<MeshReport.FrameTooLong>(report => report.Peer == one.Address && report.Limit == 10_000), one, two, null);
        Until(
            () => one.Reported<MeshReport.Lost>(report =>
                report.Why.Contains("bytes came, and none may have more than 10000", StringComparison.Ordinal)),
            one, two, null);
        Assert.Equal(1, two.Transport.Counters[MeshCount.FramesTooLong]);

        // It is no reason to be parted for long.
        Until(() => two.Has("after it"), one, two, () => one.Send(two, "after it"));
    }

    [Fact]
    public async Task A_peer_that_comes_back_is_reached_again_and_messages_meanwhile_are_dropped_and_counted()
    {
        var one = await StartAsync("127.0.0.1");
        var two = await StartAsync("127.0.0.2");
        Until(() => two.Has("first"), one, two, () => one.Send(two, "first"));
        await two.DisposeAsync();
        Until(
            () => one.Transport.Counters[MeshCount.DroppedNoConnection] > 5, one, two, () => one.Send(two, "nobody hears this"));
        Assert.True(one.Reported<MeshReport.Lost>(report => report.Why.Contains("this node ends", StringComparison.Ordinal)));
        Until(() => one.Reported<MeshReport.NotConnected>(report =>
            report.Why == "nobody listens there by TLS: it does not run, or has no lb.cluster.tls"), one, two,
            () => one.Send(two, "nor this"));

        var again = new MeshNode(two.Options, _site.Credentials("127.0.0.2"));
        _nodes.Add(again);
        await again.Transport.StartAsync(message => again.Received.Enqueue(message.ToArray()));
        Until(() => again.Has("second"), one, again, () => one.Send(again, "second"));
    }

    [Fact]
    public async Task A_peer_that_is_not_talked_to_any_more_is_let_go_and_found_again()
    {
        var one = await StartAsync("127.0.0.1", null, options => options with { IdleAfter = TimeSpan.FromSeconds(1) });
        var two = await StartAsync("127.0.0.2");
        Until(() => two.Has("first"), one, two, () => one.Send(two, "first"));
        Until(() => one.Transport.PeerCount == 0 && two.Transport.IncomingCount == 0, one, two, null);
        Until(() => two.Has("second"), one, two, () => one.Send(two, "second"));
    }

    [Fact]
    public async Task A_connection_that_falls_silent_is_given_up()
    {
        var one = await StartAsync("127.0.0.1", null, options => options with
        {
            KeepAliveDelay = TimeSpan.FromSeconds(1),
            KeepAliveTimeout = TimeSpan.FromSeconds(1),
        });
        var two = await StartAsync("127.0.0.2");
        using var between = new FreezingRelay("127.0.0.2", two.Address);
        Until(() => two.Has("first"), one, two, () => one.Transport.Send(between.Address, one.Message("first")));
        between.Freeze();
        Until(() => one.Reported<MeshReport.Lost>(report => report.Peer == between.Address), one, two, null);
    }

    [Fact]
    public async Task One_that_never_started_ends_and_the_address_is_another_s_beside_it()
    {
        var one = await StartAsync("127.0.0.1");
        var unused = new MeshNode(one.Options, _site.Credentials("127.0.0.1"));
        unused.Transport.Send(one.Address, [1]);
        await unused.DisposeAsync();
        await unused.DisposeAsync();

        // As when a process takes another one's place: both listen for a moment.
        var next = new MeshNode(one.Options, _site.Credentials("127.0.0.1"));
        _nodes.Add(next);
        await next.Transport.StartAsync(message => next.Received.Enqueue(message.ToArray()));
        await one.DisposeAsync();
        var two = await StartAsync("127.0.0.2");
        Until(() => next.Has("first"), next, two, () => two.Send(next, "first"));
    }

    private Task<MeshNode> StartAsync(string host) => StartAsync(host, null);

    private async Task<MeshNode> StartAsync(
        string host, CredentialSource? credentials, Func<MeshOptions, MeshOptions>? change = null)
    {
        var node = await MeshNode.StartAsync(_site, host, credentials, change);
        _nodes.Add(node);
        return node;
    }

    private static void Until(Func<bool> condition, MeshNode one, MeshNode two, Action? repeated) => Wait.Until(
        () =>
        {
            repeated?.Invoke();
            return condition();
        },
        () => $"it comes about\n{one.ReportText()}\n{two.ReportText()}",
        Soon);
}
