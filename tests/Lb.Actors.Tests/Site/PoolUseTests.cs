namespace Lb.Actors.Tests;

/// <summary>A node with a pool that is not as it should be.</summary>
public sealed class PoolUseTests
{
    [Fact]
    public void Backup_takes_over_with_the_last_other_and_gives_way_to_the_first()
    {
        using Node node = Node.Start(Configs.Service(
            Configs.Backend(1), Configs.Backend(2), Configs.Backend(3) with { Backup = true }));
        node.WaitFor(() => Used(node) is [1, 2], "the backup has no slot");
        Assert.True(node.Backend(3) is { Backup: true, State: BackendState.Up, Slots: 0 });

        node.Prober.Down(1);
        node.Prober.Down(2);
        node.WaitFor(() => Used(node) is [3], "the backup takes over");
        Assert.Equal(PoolUse.Backups, node.Web().Use);

        node.Prober.Up(2);
        node.WaitFor(() => Used(node) is [2], "it gives way");
        node.WaitFor(() => node.Table().All(slot => slot is (2, 0) or (2, 3)), "flows that it has stay with it");
        Assert.Equal(PoolUse.Usual, node.Web().Use);
    }

    [Fact]
    public void Panic_uses_all_until_enough_are_up_and_never_the_drained_one()
    {
        using Node node = Node.Start(Configs.Service(
            Configs.Backend(1), Configs.Backend(2), Configs.Backend(3), Configs.Backend(4, admin: BackendAdmin.Drain))
            with
        { Pool = new PoolPolicy { PanicThreshold = 0.5 } });
        node.Prober.Down(1);
        node.WaitFor(() => Used(node) is [2, 3], "one that is down is left");

        node.Prober.Down(2);
        node.WaitFor(() => Used(node) is [1, 2, 3], "all enabled ones are used");
        node.WaitFor(() => node.Web().Use == PoolUse.Panic, "panic is shown");
        Assert.Equal(BackendState.Down, node.Backend(1).State);

        node.Prober.Up(1);
        node.WaitFor(() => Used(node) is [1, 3], "those that are up are used");
        Assert.Equal(PoolUse.Usual, node.Web().Use);
    }

    [Fact]
    public void Change_of_the_threshold_and_of_backup_holds_at_once()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        node.Prober.Down(1);
        node.Prober.Down(2);
        node.WaitFor(() => Used(node) is [3], "one is left");
        node.Change(web => web with { Pool = new PoolPolicy { PanicThreshold = 0.4 } });
        node.WaitFor(() => Used(node) is [1, 2, 3], "all are used");
        node.Run(new SiteChange.BackendBackupSet("web", "b3", true));
        node.WaitFor(() => Used(node) is [3], "a backup that works goes before panic");
    }

    private static int[] Used(Node node) => [.. node.Table().Select(slot => slot.Current).Distinct().Order()];
}
