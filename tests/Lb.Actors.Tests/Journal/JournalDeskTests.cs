using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>Nodes that share a journal, in virtual time.</summary>
public sealed class JournalDeskTests
{
    [Fact]
    public void Changes_on_all_nodes_at_once_are_all_made_and_all_nodes_know_them_at_once()
    {
        JournalWorld world = World(3, seed: 1);
        foreach (JournalNode node in world.Nodes)
        {
            world.Ask(node, "a", null);
            world.Ask(node, "b", null);
        }

        world.Run(TimeSpan.FromSeconds(1));

        Assert.All(world.Changes, change => Assert.Equal(ChangeOutcome.Applied, change.Outcome));
        Assert.All(world.Nodes, node => Assert.Equal(6, node.State!.Revision));
        Check(world);
    }

    [Fact]
    public void Of_changes_that_expect_the_same_revision_one_is_made()
    {
        JournalWorld world = World(3, seed: 2);
        world.Nodes.ForEach(node => world.Ask(node, "a", 0));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(
            [ChangeOutcome.Applied, ChangeOutcome.Stale, ChangeOutcome.Stale],
            world.Changes.Select(change => change.Outcome).Order());
        Check(world);
    }

    [Fact]
    public void A_node_that_does_not_know_the_latest_does_not_refuse_what_fits_it()
    {
        JournalWorld world = World(2, seed: 3);
        world.Ask(world.Nodes[0], "a", null);
        while (world.Changes[0].Outcome != ChangeOutcome.Applied)
        {
            world.Run(TimeSpan.FromMilliseconds(1));
        }

        // The other one may not have heard yet.
        world.Ask(world.Nodes[1], "a", 1);
        world.ReadLatest(world.Nodes[1]);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ChangeOutcome.Applied, world.Changes[1].Outcome);
        Check(world);
    }

    [Fact]
    public void A_write_whose_answer_is_lost_is_found_and_made_once()
    {
        JournalWorld world = World(1, seed: 4);
        world.Losses = 40;
        for (int i = 0; i < 200; i++)
        {
            world.Ask(world.Nodes[0], "a", null);
            world.Run(TimeSpan.FromSeconds(2));
        }

        Assert.InRange(world.Changes.Count(change => change.Outcome == ChangeOutcome.Applied), 100, 200);
        Check(world);
    }

    [Fact]
    public void While_the_database_is_dead_changes_are_refused_at_once_and_nobody_is_left_in_doubt()
    {
        JournalWorld world = World(2, seed: 5);
        world.IsDead = true;
        world.Run(TimeSpan.FromSeconds(7));
        Assert.All(world.Nodes, node => Assert.True(node.IsAway, "it has not noticed"));
        world.Nodes.ForEach(node => world.Ask(node, "a", null));
        Assert.All(world.Changes, change => Assert.Equal(ChangeOutcome.Refused, change.Outcome));
        Assert.All(world.Nodes, node => Assert.Equal(0, node.State!.Revision));

        world.IsDead = false;
        world.Run(TimeSpan.FromSeconds(3));
        Assert.All(world.Nodes, node => Assert.False(node.IsAway, "it is not back"));
        world.Ask(world.Nodes[0], "a", null);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ChangeOutcome.Applied, world.Changes[^1].Outcome);
        Check(world);
    }

    [Fact]
    public void A_change_that_a_halted_database_has_is_answered_in_time_and_later_ones_are_refused()
    {
        JournalWorld world = World(1, seed: 6);
        world.Ask(world.Nodes[0], "a", null);
        world.IsHalted = true;
        world.Run(TimeSpan.FromSeconds(5));
        Assert.NotEqual(TimeSpan.MaxValue, world.Changes[0].Told);
        world.Ask(world.Nodes[0], "a", null);
        Assert.Equal(ChangeOutcome.Refused, world.Changes[1].Outcome);
        world.IsHalted = false;
        world.Run(TimeSpan.FromSeconds(10));
        Check(world);
    }

    [Fact]
    public void A_node_that_hears_nobody_looks_for_changes_by_itself()
    {
        JournalWorld world = World(1, seed: 7);
        world.Run(TimeSpan.FromSeconds(1));
        world.Journal.Add(new StoredChange(Guid.NewGuid(), 99, "a", 99));
        world.Run(TimeSpan.FromSeconds(6));
        Assert.Equal(1, world.Nodes[0].State!.Revision);
    }

    [Fact]
    public void A_journal_that_has_gone_back_is_followed()
    {
        JournalWorld world = World(2, seed: 8);
        for (int i = 0; i < 3; i++)
        {
            world.Ask(world.Nodes[0], "a", null);
        }

        world.Run(TimeSpan.FromSeconds(1));
        world.Journal.RemoveAt(2);
        world.Run(TimeSpan.FromSeconds(8));
        Assert.All(world.Nodes, node => Assert.Equal(2, node.State!.Revision));
        world.Ask(world.Nodes[1], "b", 2);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ChangeOutcome.Applied, world.Changes[^1].Outcome);
    }

    [Fact]
    public void Whatever_happens_to_nodes_and_database_it_is_as_if_one_process_kept_the_config()
    {
        int applied = 0;
        int unknown = 0;
        for (int seed = 1000; seed < 1150; seed++)
        {
            JournalWorld world = World(3, seed);
            world.Refusals = 5;
            for (int step = 0; step < 250; step++)
            {
                Step(world);
                world.Run(TimeSpan.FromMilliseconds(world.Random(60)));
            }

            world.IsDead = false;
            world.IsHalted = false;
            world.Losses = 0;
            foreach (JournalNode node in world.Nodes.Where(node => !node.IsAlive))
            {
                node.Start();
            }

            world.Run(TimeSpan.FromSeconds(15));
            Check(world, seed);
            Assert.All(world.Nodes, node => Assert.True(
                node.State?.Revision == world.Journal.Count, $"seed {seed}: {node.Name} is at {node.State?.Revision}, not {world.Journal.Count}"));
            applied += world.Changes.Count(change => change.Outcome == ChangeOutcome.Applied);
            unknown += world.Changes.Count(change => change.Outcome == ChangeOutcome.Unknown);
        }

        Assert.InRange(applied, 5000, int.MaxValue);
        Assert.InRange(unknown, 50, applied);
    }

    private static void Step(JournalWorld world)
    {
        JournalNode node = world.Nodes[world.Random(world.Nodes.Count)];
        switch (world.Random(100))
        {
            case < 60 when node.IsAlive:
                long? expected = world.Random(3) == 0 ? node.State?.Revision : null;
                world.Ask(node, $"{(char)('a' + world.Random(3))}", expected);
                break;
            case < 75:
                world.Read(node);
                break;
            case < 85 when node.IsAlive:
                world.ReadLatest(node);
                break;
            case < 88 when node.IsAlive:
                node.Kill();
                break;
            case < 92 when !node.IsAlive:
                node.Start();
                break;
            case < 94:
                world.IsHalted = !world.IsHalted && world.Random(2) == 0;
                break;
            case < 96:
                world.IsDead = !world.IsDead && world.Random(2) == 0;
                break;
            case < 97:
                world.Losses = world.Random(2) * 20;
                break;
            case < 98:
                world.Run(TimeSpan.FromSeconds(world.Random(8)));
                break;
        }
    }

    private static JournalWorld World(int nodes, int seed)
    {
        JournalWorld world = new(seed);
        for (int i = 0; i < nodes; i++)
        {
            world.AddNode();
        }

        world.Run(TimeSpan.FromMilliseconds(100));
        return world;
    }

    private static void Check(JournalWorld world, int seed = 0)
    {
        var violations = ConfigHistoryChecker.Check(world.History);
        Assert.True(violations.IsEmpty, $"seed {seed}: {string.Join('\n', violations)}");
    }
}
