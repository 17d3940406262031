namespace Lb.Actors.Tests.Votes;

/// <summary>A node whose table is another than most nodes have is repaired, and does not answer for VIPs until it is.</summary>
public sealed class VoteTablesTests
{
    private readonly VoteWorld _world = new(5, nodes: 3, backends: 2);

    public VoteTablesTests() => _world.Run(3000);

    [Fact]
    public void Nodes_with_equal_tables_are_left_alone()
    {
        BuildAll(7, 7, 7);

        _world.Run(20_000);

        Assert.All(_world.Nodes, node => Assert.Empty(_world[node].Repairs));
    }

    [Fact]
    public void One_that_differs_is_repaired_then_apart_and_together_again_with_the_table_of_the_others()
    {
        BuildAll(7, 8, 7);

        _world.Run(3000);
        Assert.Equal([false, false, false], Apart);
        Assert.Equal([[], [false], []], Repairs);

        _world.Run(2000);
        Assert.Equal([false, true, false], Apart);

        _world.Build("10.0.0.2:9120", 7);
        _world.Run(1000);
        Assert.Equal([false, false, false], Apart);
    }

    [Fact]
    public void One_that_is_made_anew_and_has_its_table_before_its_backends_is_apart_all_the_same()
    {
        const string Node = "10.0.0.2:9120";
        BuildAll(7, 8, 7);
        for (int second = 0; second < 5; second++)
        {
            _world.Run(1000);
            _world.Forget(Node);
            _world.Build(Node, 8);
            _world.Run(100);
            _world.Configure(Node, _world.Backends);
        }

        Assert.Equal([false, true, false], Apart);
        Assert.InRange(_world[Node].Repairs.Count, 2, 3);
    }

    [Fact]
    public void A_service_that_is_gone_holds_nobody_back()
    {
        BuildAll(7, 8, 7);
        _world.Run(5000);
        Assert.Equal([false, true, false], Apart);

        _world.Forget("10.0.0.2:9120");
        _world.Run(11_000);

        Assert.Equal([false, false, false], Apart);
    }

    [Fact]
    public void One_that_is_configured_otherwise_is_to_read_its_config()
    {
        BuildAll(7, 7);
        _world.Build("10.0.0.3:9120", 8, pool: 2);

        _world.Run(3000);

        Assert.Equal([[], [], [true]], Repairs);
    }

    [Fact]
    public void A_change_that_comes_to_nodes_one_after_the_other_is_no_difference()
    {
        BuildAll(7, 7, 7);
        for (ulong table = 8; table < 20; table++)
        {
            foreach (string node in _world.Nodes)
            {
                _world.Build(node, table);
                _world.Run(500);
            }
        }

        Assert.All(_world.Nodes, node => Assert.Empty(_world[node].Repairs));
    }

    [Fact]
    public void Of_tables_that_are_all_different_none_is_taken_for_right()
    {
        BuildAll(7, 8, 9);

        _world.Run(20_000);

        Assert.Equal([false, false, false], Apart);
        Assert.All(_world.Nodes, node => Assert.Empty(_world[node].Repairs));
    }

    [Fact]
    public void Of_two_nodes_none_is_taken_for_right()
    {
        BuildAll(7, 8, 8);
        _world.Remove("10.0.0.3:9120");

        _world.Run(20_000);

        Assert.Equal([false, false], Apart);
    }

    [Fact]
    public void A_node_that_hears_nobody_is_not_apart()
    {
        BuildAll(7, 7, 7);
        _world.CutOff("10.0.0.2:9120");
        _world.TellMembers();
        _world.Run(5000);
        _world.Build("10.0.0.2:9120", 9);

        _world.Run(20_000);

        Assert.Equal([false, false, false], Apart);
    }

    private IEnumerable<bool> Apart => _world.Nodes.Select(node => _world[node].IsApart);

    private IEnumerable<List<bool>> Repairs => _world.Nodes.Select(node => _world[node].Repairs);

    private void BuildAll(params ReadOnlySpan<ulong> tables)
    {
        string[] nodes = [.. _world.Nodes];
        for (int i = 0; i < tables.Length; i++)
        {
            _world.Build(nodes[i], tables[i]);
        }
    }
}
