using Lb.Cluster.Mesh;
using Lb.Cluster.Transport;
using Lb.Testing;

namespace Lb.Cluster.Tests.Mesh;

/// <summary>Nodes of different releases: which version they speak, and what becomes of what only one of them knows.</summary>
public sealed class MeshVersionTests : IAsyncLifetime
{
    private const byte NewKind = 77;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static readonly int Now = ProtocolVersions.Current.Highest;
    private static readonly MessageKinds Next = new(
        [.. MessageKinds.Current.All, new MessageKind(NewKind, "new", Now + 1)]);

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

    [Fact]
    public async Task The_next_release_speaks_this_ones_version_with_it_and_keeps_new_kinds_to_itself()
    {
        var old = await StartAsync("127.0.0.1", ProtocolVersions.Current, MessageKinds.Current);
        var next = await StartAsync("127.0.0.2", new ProtocolVersions(Now, Now + 1), Next);
        next.Send(old, "new", NewKind);
        next.Send(old, "known");
        old.Send(next, "answer");
        Until(() => old.Has("known") && next.Has("answer"), old, next);
        Assert.True(next.Reported<MeshReport.Connected>(report => report.Version == Now));
        Assert.Equal(1, next.Transport.Counters[MeshCount.DroppedTooNew]);
        Assert.Equal(0, old.Transport.Counters[MeshCount.SkippedUnknown]);
        Assert.False(old.Has("new"));
    }

    [Fact]
    public async Task Two_of_the_next_release_speak_the_next_version()
    {
        var one = await StartAsync("127.0.0.1", new ProtocolVersions(Now, Now + 1), Next);
        var two = await StartAsync("127.0.0.2", new ProtocolVersions(Now, Now + 1), Next);
        one.Send(two, "new", NewKind);
        Until(() => two.Has("new"), one, two);
        Assert.True(one.Reported<MeshReport.Connected>(report => report.Version == Now + 1));
    }

    [Fact]
    public async Task A_kind_that_is_not_known_is_skipped_and_counted_and_the_next_message_arrives()
    {
        var old = await StartAsync("127.0.0.1", ProtocolVersions.Current, MessageKinds.Current);
        var careless = await StartAsync("127.0.0.2", ProtocolVersions.Current, MessageKinds.Current);
        careless.Send(old, "new", NewKind);
        careless.Send(old, "known");
        Until(() => old.Has("known"), old, careless);
        Assert.Equal(1, old.Transport.Counters[MeshCount.SkippedUnknown]);
        Assert.Single(old.Received);
    }

    [Fact]
    public async Task Without_a_version_in_common_both_say_which_they_speak()
    {
        var old = await StartAsync("127.0.0.1", new ProtocolVersions(Now, Now), MessageKinds.Current);
        var far = await StartAsync("127.0.0.2", new ProtocolVersions(Now + 1, Now + 2), Next);
        far.Send(old, "hello");
        var (ours, theirs) = (old.Options.Versions, far.Options.Versions);
        Until(
            () => old.Reported<MeshReport.Incompatible>(r => r == new MeshReport.Incompatible(far.Address, ours, theirs))
                && far.Reported<MeshReport.Incompatible>(r => r == new MeshReport.Incompatible(old.Address, theirs, ours)),
            old, far);
        Assert.Empty(old.Received);
        Assert.True(old.Transport.Counters[MeshCount.Incompatible] > 0);
    }

    [Theory]
    [InlineData("1-1", "1-2", 1)]
    [InlineData("1-3", "2-4", 3)]
    [InlineData("2-2", "2-2", 2)]
    [InlineData("1-1", "2-3", null)]
    [InlineData("4-5", "2-3", null)]
    public void The_highest_version_that_both_speak_is_taken(string one, string other, int? expected)
    {
        Assert.True(ProtocolVersions.TryParse(one, out var mine));
        Assert.True(ProtocolVersions.TryParse(other, out var theirs));
        Assert.Equal(expected, mine.HighestCommon(theirs));
        Assert.Equal(expected, theirs.HighestCommon(mine));
        Assert.Equal(one, $"{mine}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("2-1")]
    [InlineData("-1-2")]
    [InlineData("a-b")]
    [InlineData("1-99999999999")]
    public void What_is_no_range_of_versions_is_not_read_as_one(string? text) =>
        Assert.False(ProtocolVersions.TryParse(text, out _));

    [Fact]
    public void Every_kind_of_message_has_a_number_and_a_name_of_its_own_and_a_version_that_is_spoken()
    {
        var kinds = MessageKinds.Current.All.ToList();
        Assert.Equal(kinds.Count, kinds.Select(kind => kind.Name).Distinct().Count());
        Assert.All(kinds, kind => Assert.InRange(kind.Since, 1, ProtocolVersions.Current.Highest));
        Assert.Throws<ArgumentException>(() => new MessageKinds(kinds[0], kinds[0]));
    }

    private static void Until(Func<bool> condition, MeshNode one, MeshNode two) =>
        Wait.Until(condition, () => $"it comes about\n{one.ReportText()}\n{two.ReportText()}", Soon);

    private async Task<MeshNode> StartAsync(string host, ProtocolVersions versions, MessageKinds kinds)
    {
        var node = await MeshNode.StartAsync(
            _site, host, null, options => options with { Versions = versions, Kinds = kinds });
        _nodes.Add(node);
        return node;
    }
}
