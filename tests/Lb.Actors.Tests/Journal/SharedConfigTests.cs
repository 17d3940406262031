using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>Nodes with all their actors on one journal in a file.</summary>
public sealed class SharedConfigTests : IDisposable
{
    private static readonly SiteConfig File = Configs.Site(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
    private static readonly SiteConfig Other = Configs.Site(Configs.Service(Configs.Backend(1, weight: 7), Configs.Backend(2)));

    private readonly SiteDatabase _database = new();
    private readonly PeerBus _bus = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Of_nodes_that_start_at_once_one_founds_the_site_and_the_others_go_by_that()
    {
        using Node one = Begin("n1", File);
        using Node two = Begin("n2", Other);
        using Node three = Begin("n3", Other);
        Until(1, one, two, three);
        Assert.Single(new[] { one, two, three }.Select(node => node.Web().Backends[0].Weight).Distinct());
        Assert.Equal(1, _database.Count("SELECT COUNT(*) FROM journal WHERE persistence_id = 'site-config:lab'"));
    }

    [Fact]
    public void A_change_on_one_node_holds_on_all_and_tells_where_it_was_made()
    {
        using Node one = Start("n1", File);
        using Node two = Start("n2", File);
        one.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        Until(2, one, two);
        Assert.Equal(9, two.Backend(1).Weight);
        SiteHistory history = Assert.IsType<SiteHistory>(two.Ask(new GetHistory()));
        Assert.Equal(["site.conf at n1", "127.0.0.1 at n1"], history.Revisions.Select(revision => revision.Info.From));

        Assert.Equal(3, two.Run(new SiteChange.BackendWeighted("web", "b2", 8)).Revision);
        Until(3, one, two);
        Wait.Until(
            () => one.Ask(new GetConfigNodes()) is ConfigNodes { Nodes: [{ Address: "n2", Revision: 3 }], Newest: 3 },
            "one node knows which revision the other has");
    }

    [Fact]
    public void A_node_that_hears_nothing_decides_on_what_holds_all_the_same()
    {
        using Node one = Start("n1", File);
        using Node two = Start("n2", File);
        _bus.IsBroken = true;
        one.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        Assert.Equal(1, two.Snapshot().Config.Revision);

        Assert.IsType<ConfigRefused>(two.Ask(new ChangeSite([], Configs.Operator, ExpectedRevision: 1)));
        Assert.Equal(2, Assert.IsType<ConfigState>(two.Ask(new GetConfig(Latest: true))).Revision);
        one.Run(new SiteChange.BackendRemoved("web", "b2"));
        Assert.Equal(
            "service web has no backend b2",
            Assert.Single(Assert.IsType<ConfigRefused>(
                two.Ask(new ChangeSite([new SiteChange.BackendWeighted("web", "b2", 1)], Configs.Operator))).Reasons));
        two.WaitFor(() => two.Snapshot().Config.Revision == 3, "it looks by itself");
    }

    [Fact]
    public void An_old_file_does_not_bring_back_what_was_and_a_file_that_is_applied_holds_on_all()
    {
        using Node one = Start("n1", File);
        Node two = Start("n2", File);
        one.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        Until(2, one, two);
        two.Dispose();

        using Node again = Start("n2", Other);
        Until(2, one, again);
        Assert.Equal(9, again.Backend(1).Weight);
        Assert.Equal("weight of backend b1 of web is 7", $"{Assert.Single(again.Snapshot().Config.OtherFile)}");

        Assert.IsType<ConfigApplied>(again.Apply(Other));
        Until(3, one, again);
        Assert.Equal(7, one.Backend(1).Weight);
        Assert.Empty(again.Snapshot().Config.OtherFile);
        Assert.Equal("weight of backend b1 of web is 100", $"{Assert.Single(one.Snapshot().Config.OtherFile)}");
    }

    [Fact]
    public void Tokens_are_good_on_all_nodes_and_end_on_all()
    {
        using Node one = Start("n1", File);
        using Node two = Start("n2", File);
        AccessToken token = new("ci", "id", [.. new byte[32]], AccessRole.Read, null, Configs.Operator);
        Assert.IsType<TokenBook>(one.Ask(new AddToken(token)));
        two.WaitFor(() => two.Ask(new GetTokens()) is TokenBook book && book.Find("id") is not null, "it is known");
        Assert.IsType<TokenBook>(two.Ask(new RevokeToken("ci", Configs.Operator)));
        one.WaitFor(() => one.Ask(new GetTokens()) is TokenBook book && book.Find("id") is null, "it is known no more");
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_node_that_starts_without_the_database_goes_by_its_file_and_then_by_the_site()
    {
        using Node one = Start("n1", File);
        one.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        _database.Break();
        using Node two = Begin("n2", Other);
        two.WaitFor(() => two.Snapshot().Config is { InForce: true, Revision: 0, Problem: not null }, "it goes by its file");
        Assert.Equal(7, two.Backend(1).Weight);
        one.WaitFor(() => one.Snapshot().Config.Problem is not null, "the other one notices by itself");
        Assert.IsType<ConfigUnavailable>(one.Ask(new ChangeSite([], Configs.Operator)));
        Assert.Equal(2, Assert.IsType<ConfigState>(one.Ask(new GetConfig())).Revision);

        _database.Mend();
        Until(2, one, two);
        Assert.Equal(9, two.Backend(1).Weight);
    }

    [Fact]
    public void An_older_copy_of_the_journal_is_gone_by()
    {
        using Node one = Start("n1", File);
        using Node two = Start("n2", File);
        one.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        Until(2, one, two);
        _database.Execute("DELETE FROM journal WHERE persistence_id = 'site-config:lab' AND sequence_number = 2");

        // One of them writes another second revision: it has the number that the other one knows already.
        ChangeSite change = new([new SiteChange.BackendWeighted("web", "b2", 8)], Configs.Operator);
        Assert.Contains("older copy", Assert.IsType<ConfigUnconfirmed>(one.Ask(change)).Reason);
        Assert.Equal(2, Assert.IsType<ConfigApplied>(one.Ask(change)).Revision);
        Wait.Until(
            () => new[] { one, two }.All(node => node.Backend(1).Weight == 100 && node.Backend(2).Weight == 8),
            "both go by the journal",
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_a_node_has_seen_of_backends_is_its_own()
    {
        using Node one = Start("n1", File);
        using Node two = Start("n2", File);
        foreach (string node in (string[])["n1", "n2"])
        {
            one.WaitFor(
                () => _database.Count($"SELECT COUNT(*) FROM journal WHERE persistence_id = 'site-verdicts:test@{node}'") > 0,
                "its verdicts are stored");
        }
    }

    [Fact]
    public void Of_a_long_past_a_node_that_starts_reads_a_snapshot_and_what_came_behind_it()
    {
        using Node one = Start("n1", File);
        using Node two = Start("n2", File);
        for (int weight = 1; weight <= 110; weight++)
        {
            (weight % 3 == 0 ? one : two).Run(new SiteChange.BackendWeighted("web", "b1", weight));
        }

        one.WaitFor(
            () => _database.Count("SELECT COUNT(*) FROM snapshot WHERE persistence_id = 'site-config:lab' AND sequence_number >= 50") > 0,
            "a snapshot is stored");
        using Node three = Start("n3", File);
        Until(111, one, two, three);
        Assert.Equal(110, three.Backend(1).Weight);
        ConfigState state = Assert.IsType<ConfigState>(three.Ask(new GetConfig()));
        Assert.Equal(Assert.IsType<ConfigState>(one.Ask(new GetConfig())).LastId, state.LastId);
        Assert.Equal(111, Assert.IsType<SiteHistory>(three.Ask(new GetHistory())).Revisions.Length);
    }

    [Fact]
    public void What_nodes_say_of_their_config_is_frozen()
    {
        ConfigHello hello = new(3, 4, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), 5, IsAway: true, HasOtherFile: true);
        byte[] bytes = hello.Write();
        Assert.Equal(
            "0103" + "0000000000000003" + "0000000000000004" + "00112233445566778899aabbccddeeff" + "0000000000000005",
            Convert.ToHexStringLower(bytes));
        Assert.Equal(hello, ConfigHello.Read([.. bytes, 99]));
        Assert.Null(ConfigHello.Read([2, .. bytes[1..]]));
        Assert.Null(ConfigHello.Read(bytes.AsSpan(0, 41)));
    }

    private Node Begin(string name, SiteConfig file) => new(file, database: _database, peers: _bus.Of(name));

    private Node Start(string name, SiteConfig file)
    {
        Node node = Begin(name, file);
        node.WaitFor(
            () => node.Snapshot() is { Config: { InForce: true, Revision: > 0 }, Services: [.., { Slots: > 0 }] },
            "the site is in force");
        return node;
    }

    private static void Until(int revision, params Node[] nodes) => Assert.All(nodes, node =>
        node.WaitFor(() => node.Snapshot().Config.Revision == revision, $"it is at revision {revision}"));
}
