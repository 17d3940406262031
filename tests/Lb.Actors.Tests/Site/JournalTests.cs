using Akka.Actor;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>The site on a journal in a database: what outlives the node, and what happens when the journal fails.</summary>
public sealed class JournalTests : IDisposable
{
    private static readonly SiteConfig File = Configs.Site(
        Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));

    private readonly SiteDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_node_that_lost_its_kernel_state_writes_the_tables_it_had_before_any_probe_has_ended()
    {
        string digest;
        using (Node first = Start(File))
        {
            first.Prober.Down(3);
            first.Run(new SiteChange.BackendWeighted("web", "b1", 300));
            first.WaitFor(() => first.Table().All(slot => slot.Current is 1 or 2), "backend 3 is out of the table");
            first.WaitFor(() => first.Backend(1).Share > 0.7, "backend 1 has its weight");
            digest = first.Web().Digest;
            // Backend 3 may have been up for its first probe: what counts is what was stored last of each.
            WaitForVerdict(1, "up");
            WaitForVerdict(2, "up");
            WaitForVerdict(3, "down");
        }

        // Another kernel, and backends that do not answer.
        FakeProber prober = new();
        prober.Silent(1);
        prober.Silent(2);
        prober.Silent(3);
        using Node second = new(File, database: _database, prober: prober);
        second.WaitFor(() => second.Table().Length > 0, "the table is in the kernel");
        Assert.Equal(digest, second.Web().Digest);
        Assert.Equal(BackendState.Down, second.Backend(3).State);
        Assert.Single(second.Datapath.Writes, write => write == nameof(IDatapath.SwapTable));
    }

    [Fact]
    public void A_node_that_lost_its_kernel_state_has_a_table_of_the_size_it_had_grown_to()
    {
        SiteConfig file = Configs.Site(File.Services["web"] with { Slots = 0 });
        string digest;
        using (Node first = Start(file))
        {
            BackendConfig[] more = [.. Enumerable.Range(4, 6).Select(number => Configs.Backend(number))];
            first.Run([.. more.Select(backend => new SiteChange.BackendAdded("web", backend))]);
            first.WaitFor(() => first.Web().Slots == 16_381, "the table has grown");
            first.Run([.. more.Select(backend => new SiteChange.BackendRemoved("web", backend.Name))]);
            first.WaitFor(
                () => first.Table().Select(slot => slot.Current).Distinct().Order().SequenceEqual([1, 2, 3]), "the table is of three backends");
            digest = first.Web().Digest;
        }

        using Node second = new(file, database: _database);
        second.WaitFor(() => second.Web().Backends.Count(backend => backend.Slots > 0) == 3, "the table is in the kernel");
        Assert.Equal(digest, second.Web().Digest);
    }

    [Fact]
    public void A_remembered_backend_that_does_not_answer_any_more_is_left_after_one_probe()
    {
        using (Node first = Start(File))
        {
            WaitForVerdicts(3);
        }

        FakeProber prober = new();
        prober.Down(1);
        SiteConfig patient = Configs.Site(File.Services["web"] with { Health = Configs.Health with { Fall = 1000 } });
        using Node second = new(patient, database: _database, prober: prober);
        second.WaitFor(() => second.Table().Length > 0 && second.Table().All(slot => slot.Current != 1), "b1 is left");
    }

    [Fact]
    public void A_backend_that_the_kernel_still_has_is_not_left_for_one_failed_probe_after_a_restart()
    {
        using Node first = Start(File);
        WaitForVerdicts(3);
        first.Dispose();
        first.Prober.Flap(1);

        using Node second = new(File, first, database: _database);
        int probes = second.Prober.Probes(1);
        second.WaitFor(() => second.Prober.Probes(1) > probes + 6, "backend 1 has failed a few probes, never two in a row");

        Assert.Equal(BackendState.Up, second.Backend(1).State);
        Assert.Single(first.Datapath.Writes, write => write == nameof(IDatapath.SwapTable));
    }

    [Fact]
    public void A_file_and_runtime_changes_that_do_not_go_together_are_not_put_together()
    {
        using Node node = Start(File);
        node.Run(new SiteChange.BackendAdded("web", Configs.Backend(4)));
        ServiceConfig six = File.Services["web"] with
        {
            Vip = Configs.Vip with { Address = System.Net.IPAddress.Parse("2001:db8::10") },
            Backends = File.Services["web"].Backends.Clear(),
        };

        ConfigApplied applied = Assert.IsType<ConfigApplied>(node.Apply(Configs.Site(six)));

        Assert.Contains("is not of the family of", Assert.Single(applied.Conflicts).Reason);
        Assert.Empty(node.Web().Backends);
    }

    [Fact]
    public void Runtime_changes_survive_a_restart_with_the_same_file()
    {
        using (Node first = Start(File))
        {
            Assert.Equal(2, first.Run(new SiteChange.BackendAdminSet("web", "b2", BackendAdmin.Drain)).Revision);
            Assert.Equal(3, first.Run(new SiteChange.BackendAdded("web", Configs.Backend(4))).Revision);
        }

        using Node second = Start(File);
        Assert.Equal(new ConfigSnapshot(true, 3, 2, null), second.Snapshot().Config);
        Assert.Equal(BackendState.Draining, second.Backend(2).State);
        Assert.Equal(Configs.Address(4), second.Backend(4).Address);
    }

    [Fact]
    public void A_file_that_changed_meanwhile_wins_over_an_older_change_of_the_same_thing()
    {
        using (Node first = Start(File))
        {
            first.Run(
                new SiteChange.BackendWeighted("web", "b1", 1), new SiteChange.BackendWeighted("web", "b2", 2));
        }

        using Node second = Start(Configs.Site(
            Configs.Service(Configs.Backend(1, weight: 50), Configs.Backend(2), Configs.Backend(3))));
        Assert.Equal([50, 2, 100], second.Web().Backends.Select(backend => backend.Weight));
    }

    [Fact]
    public void An_apply_that_would_overrule_a_change_can_be_refused()
    {
        using Node node = Start(File);
        node.Run(new SiteChange.BackendWeighted("web", "b1", 1));
        SiteConfig file = Configs.Site(Configs.Service(Configs.Backend(1, weight: 50)));

        ConfigConflicted conflicted = Assert.IsType<ConfigConflicted>(
            node.Ask(new ApplyConfig(file, Configs.Info, RefuseConflicts: true)));

        Assert.Equal("weight of backend b1 of web is 1", Assert.Single(conflicted.Conflicts).Runtime.ToString());
        Assert.Equal(2, node.Snapshot().Config.Revision);
        ConfigApplied applied = Assert.IsType<ConfigApplied>(node.Ask(new ApplyConfig(file, Configs.Info)));
        Assert.Single(applied.Conflicts);
    }

    [Fact]
    public void A_file_that_runtime_changes_do_not_fit_any_more_is_applied_without_them()
    {
        using Node node = Start(File);
        ServiceConfig mail = Configs.Service().Named("mail", "192.0.2.11");
        node.Run(new SiteChange.ServiceAdded(mail));

        ConfigApplied applied = Assert.IsType<ConfigApplied>(
            node.Apply(Configs.Site(File.Services["web"], mail with { Name = "post" })));

        ConfigConflict conflict = Assert.Single(applied.Conflicts);
        Assert.Contains("is the VIP of mail and post", conflict.Reason);
        Assert.Equal(["post", "web"], node.Snapshot().Services.Select(service => service.Name));
    }

    [Fact]
    public void History_tells_who_changed_what_and_a_rollback_goes_back_to_any_revision()
    {
        using Node node = Start(File);
        node.Run(new SiteChange.BackendWeighted("web", "b1", 1));
        node.Run(new SiteChange.BackendRemoved("web", "b3"));

        ConfigApplied back = Assert.IsType<ConfigApplied>(
            node.Ask(new RollbackSite(2, Configs.Operator with { Origin = ChangeOrigin.Rollback })));

        Assert.Equal(4, back.Revision);
        Assert.Equal([1, 100, 100], node.Web().Backends.Select(backend => backend.Weight));
        SiteHistory history = Assert.IsType<SiteHistory>(node.Ask(new GetHistory(Count: 3)));
        Assert.Equal([2, 3, 4], history.Revisions.Select(revision => revision.Revision));
        Assert.Equal(
            ["weight of backend b1 of web is 1", "backend b3 removed from web", "backend b3 (10.0.2.3:8080) added to web"],
            history.Revisions.Select(revision => Assert.Single(revision.Site).ToString()));
        Assert.Equal(["ops", "ops", "ops"], history.Revisions.Select(revision => revision.Info.Who));
        Assert.Equal(ChangeOrigin.Rollback, history.Revisions[^1].Info.Origin);
        Assert.Contains(
            "no revision 9", Assert.IsType<ConfigRefused>(node.Ask(new RollbackSite(9, Configs.Operator))).Reasons[0]);
    }

    [Fact]
    public void A_change_based_on_an_older_revision_is_refused()
    {
        using Node node = Start(File);
        node.Run(new SiteChange.BackendWeighted("web", "b1", 1));
        ConfigRefused refused = Assert.IsType<ConfigRefused>(node.Ask(
            new ChangeSite([new SiteChange.BackendWeighted("web", "b1", 2)], Configs.Operator, ExpectedRevision: 1)));
        Assert.Equal("the site is at revision 2, not 1: look at what has changed", Assert.Single(refused.Reasons));
    }

    [Fact]
    public void A_recovery_from_a_snapshot_is_the_same_as_from_all_revisions()
    {
        using (Node first = Start(File))
        {
            for (int weight = 1; weight <= 60; weight++)
            {
                first.Run(new SiteChange.BackendWeighted("web", "b1", weight));
            }

            first.WaitFor(
                () => _database.Count("SELECT COUNT(*) FROM snapshot WHERE persistence_id = 'site-config:test'") == 1,
                "the snapshot is stored");
        }

        using Node second = Start(File);
        Assert.Equal(61, second.Snapshot().Config.Revision);
        Assert.Equal(60, second.Backend(1).Weight);
        SiteHistory all = Assert.IsType<SiteHistory>(second.Ask(new GetHistory()));
        Assert.Equal(Enumerable.Range(1, 61), all.Revisions.Select(revision => (int)revision.Revision));
        Assert.Equal(60, all.State.Site.Services["web"].Backends["b1"].Weight);
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void While_the_journal_is_away_changes_are_refused_and_health_checks_go_on()
    {
        using Node node = Start(File);
        WaitForVerdicts(3);
        _database.Break();

        Assert.IsType<ConfigUnconfirmed>(
            node.Ask(new ChangeSite([new SiteChange.BackendWeighted("web", "b1", 9)], Configs.Operator)));
        Assert.Contains(
            "no such table",
            Assert.IsType<ConfigUnavailable>(node.Ask(new ChangeSite([], Configs.Operator))).Reason);
        Assert.Contains("no such table", node.Snapshot().Config.Problem);
        node.Prober.Down(2);
        node.WaitFor(() => node.Table().All(slot => slot.Current != 2), "backend 2 is left");

        _database.Mend();
        node.WaitFor(() => node.Snapshot().Config.Problem is null, "the journal is used again");
        Assert.Equal(100, node.Backend(1).Weight);
        Assert.Equal(2, node.Run(new SiteChange.BackendWeighted("web", "b1", 8)).Revision);
        WaitForVerdict(2, "down");
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public async Task Changes_that_wait_behind_one_that_fails_are_all_answered()
    {
        using Node node = Start(File);
        WaitForVerdicts(3);
        _database.Break();

        Task<object>[] answers =
        [
            .. Enumerable.Range(1, 20).Select(weight => node.Site.Ask<object>(
                new ChangeSite([new SiteChange.BackendWeighted("web", "b1", weight)], Configs.Operator),
                TimeSpan.FromSeconds(20))),
        ];
        foreach (Task<object> answer in answers)
        {
            Assert.True(await answer is ConfigUnconfirmed or ConfigUnavailable, $"{await answer}");
        }

        _database.Mend();
        node.WaitFor(() => node.Snapshot().Config.Problem is null, "the journal is used again");
        Assert.Equal((100, 1L), (node.Backend(1).Weight, node.Snapshot().Config.Revision));
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_node_that_starts_without_its_journal_goes_by_the_file_until_it_is_back()
    {
        using (Node first = Start(File))
        {
            first.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        }

        _database.Break();
        using Node second = new(File, database: _database);
        second.WaitFor(() => second.Table().Length > 0, "it forwards");
        Assert.Equal(100, second.Backend(1).Weight);
        Assert.Equal(0, second.Snapshot().Config.Revision);
        Assert.Equal(["web"], second.InForce()?.Services.Keys);
        Assert.IsType<ConfigUnavailable>(second.Apply(File));

        _database.Mend();
        second.WaitFor(() => second.Backend(1).Weight == 9, "the runtime change is back");
        Assert.Equal(new ConfigSnapshot(true, 2, 1, null), second.Snapshot().Config);
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_damaged_revision_is_named_and_the_node_forwards_by_its_file()
    {
        using (Node first = Start(File))
        {
            first.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        }

        _database.Execute(
            "UPDATE journal SET message = x'7b7d' WHERE persistence_id = 'site-config:test' AND sequence_number = 2");
        using Node second = new(File, database: _database);
        second.WaitFor(() => second.Table().Length > 0, "it forwards");
        Assert.Contains("sequence number 2, manifest [site-changed:1]", second.Snapshot().Config.Problem);
    }

    [Fact]
    public void Damaged_verdicts_cost_nothing_but_the_memory()
    {
        using (Node first = Start(File))
        {
            WaitForVerdicts(3);
            first.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        }

        _database.Execute("UPDATE journal SET message = x'7b7d' WHERE persistence_id = 'site-verdicts:test'");
        using Node second = Start(File);
        second.WaitFor(() => second.Table().Length > 0, "it forwards");
        Assert.Equal(9, second.Backend(1).Weight);
        Assert.Null(second.Snapshot().Config.Problem);
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void Of_two_nodes_that_write_one_site_the_second_decides_again_on_what_the_first_has_made_of_it()
    {
        using Node first = Start(File);
        using Node second = Start(File);
        first.Run(new SiteChange.BackendWeighted("web", "b1", 9));

        Assert.Equal(3, second.Run(new SiteChange.BackendWeighted("web", "b2", 5)).Revision);

        Assert.Equal([9, 5, 100], second.Web().Backends.Select(backend => backend.Weight));
    }

    [Fact]
    public void A_site_that_crashes_comes_back_with_its_runtime_changes()
    {
        using Node node = Start(File);
        node.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        node.Site.Tell(new JournalKnown(0, new ConfigKnown(null!, null, IsStart: false, [])));
        node.WaitFor(() => node.Snapshot().Config is { InForce: true, Revision: 2 }, "the site is back");
        node.WaitFor(() => node.Backend(1).Weight == 9, "the runtime change is there");
    }

    private Node Start(SiteConfig file)
    {
        Node node = new(file, database: _database);
        node.WaitFor(
            () => node.Snapshot() is { Config: { InForce: true, Revision: > 0 }, Services: [.., { Slots: > 0 }] },
            "the file is a revision and in force");
        return node;
    }

    private void WaitForVerdicts(int count) => Wait.Until(
        () => _database.Count("SELECT COUNT(*) FROM journal WHERE persistence_id = 'site-verdicts:test'") >= count,
        "the verdicts are stored",
        TimeSpan.FromSeconds(30));

    private void WaitForVerdict(int backend, string verdict) => Wait.Until(
        () => _database.Count(
            $"""
             SELECT COUNT(*) FROM journal WHERE persistence_id = 'site-verdicts:test'
             AND CAST(message AS TEXT) LIKE '%{Configs.Address(backend)}%"{verdict}"%'
             """) > 0,
        $"that backend {backend} is {verdict} is stored",
        TimeSpan.FromSeconds(30));
}
