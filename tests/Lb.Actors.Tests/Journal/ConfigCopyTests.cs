using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>What nodes go by that start while the journal that they share is away.</summary>
public sealed class ConfigCopyTests : IDisposable
{
    private static readonly SiteConfig File = Configs.Site(Configs.Service(Configs.Backend(1), Configs.Backend(2)));

    private readonly SiteDatabase _own = new();
    private readonly SiteDatabase _shared;
    private readonly PeerBus _bus = new();

    public ConfigCopyTests() => _shared = _own.Shared();

    public void Dispose()
    {
        _shared.Dispose();
        _own.Dispose();
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_node_that_starts_without_the_journal_goes_by_what_it_went_by_last_and_then_by_the_journal()
    {
        using Node other = Start("n2");
        using (Node before = Start("n1"))
        {
            before.Run(new SiteChange.BackendWeighted("web", "b1", 9));
            Kept("n1", 2);
        }

        other.Run(new SiteChange.BackendWeighted("web", "b2", 8));
        _shared.Break();
        using Node node = Begin("n1");
        node.WaitFor(() => node.Snapshot().Config is { InForce: true, Revision: 2 }, "it goes by revision 2");
        Assert.Equal([9, 100], node.Web().Backends.Select(backend => backend.Weight));
        Assert.NotNull(node.Snapshot().Config.Problem);
        Assert.IsType<ConfigUnavailable>(node.Ask(new GetConfig()));
        Assert.IsType<ConfigUnavailable>(node.Ask(new ChangeSite([new SiteChange.BackendWeighted("web", "b1", 5)], Configs.Operator)));

        _shared.Mend();
        node.WaitFor(() => node.Snapshot().Config is { Revision: 3, Problem: null }, "it goes by what the journal says");
        Assert.Equal([9, 8], node.Web().Backends.Select(backend => backend.Weight));
        node.WaitFor(() => node.Ask(new ChangeSite([new SiteChange.BackendWeighted("web", "b1", 5)], Configs.Operator)) is ConfigApplied { Revision: 4 }, "changes are taken again");
        Kept("n1", 4);
    }

    [Fact]
    public void Many_changes_in_a_row_end_in_a_copy_of_the_last()
    {
        using Node node = Start("n1");
        for (int i = 0; i < 12; i++)
        {
            node.Run(new SiteChange.BackendWeighted("web", "b1", 10 + i));
        }

        Kept("n1", 13);
        Assert.Equal(1, _own.Count("SELECT COUNT(*) FROM snapshot WHERE persistence_id = 'site-copy:lab@n1'"));
    }

    [Fact]
    public void A_copy_that_could_not_be_kept_is_kept_when_that_can_be()
    {
        using Node node = Start("n1");
        Kept("n1", 1);
        _own.Execute("ALTER TABLE snapshot RENAME TO away");
        node.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        node.Run(new SiteChange.BackendWeighted("web", "b2", 8));
        _own.Execute("ALTER TABLE away RENAME TO snapshot");
        Kept("n1", 3);
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_node_that_has_kept_nothing_goes_by_its_file()
    {
        using (Node founder = Start("n1"))
        {
            founder.Run(new SiteChange.BackendWeighted("web", "b1", 9));
        }

        _shared.Break();
        using Node node = Begin("n2");
        node.WaitFor(() => node.Snapshot().Config.InForce, "it goes by its file");
        Assert.Equal(0, node.Snapshot().Config.Revision);
        Assert.Equal([100, 100], node.Web().Backends.Select(backend => backend.Weight));
        _shared.Mend();
        node.WaitFor(() => node.Snapshot().Config.Revision == 2, "it goes by what the journal says");
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_copy_that_cannot_be_read_does_not_hold_up_the_start()
    {
        using (Node before = Start("n1"))
        {
            Kept("n1", 1);
        }

        _shared.Break();
        _own.Execute("UPDATE snapshot SET snapshot = X'00'");
        using Node node = Begin("n1");
        node.WaitFor(() => node.Snapshot().Config is { InForce: true, Revision: 0 }, "it goes by its file");
    }

    [Fact]
    [Trait("AkkaSource", "Subset")]
    public void A_copy_that_this_node_cannot_carry_out_any_more_leaves_the_file()
    {
        using (Node before = Start("n1"))
        {
            before.Run(new SiteChange.BackendAdded("web", Configs.Backend(3)));
            Kept("n1", 2);
        }

        _shared.Break();
        using Node node = new(File, database: _shared, peers: _bus.Of("n1"), keepsCopy: true, prepare: datapath => datapath.BackendLimit = 3);
        node.WaitFor(() => node.Snapshot().Config is { InForce: true, Revision: 0 }, "it goes by its file");
        Assert.Equal(2, node.Web().Backends.Length);
    }

    private Node Begin(string name) => new(File, database: _shared, peers: _bus.Of(name), keepsCopy: true);

    private Node Start(string name)
    {
        Node node = Begin(name);
        node.WaitFor(() => node.Snapshot().Config is { InForce: true, Revision: > 0 }, $"{name} goes by the journal");
        return node;
    }

    private void Kept(string name, int revision) => Wait.Until(
        () => _own.Count(
            $"""SELECT COUNT(*) FROM snapshot WHERE persistence_id = 'site-copy:lab@{name}' AND CAST(snapshot AS TEXT) LIKE '%"Revision":{revision},%'""") == 1,
        $"{name} has kept revision {revision}");
}
