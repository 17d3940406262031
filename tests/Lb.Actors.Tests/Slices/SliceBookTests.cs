namespace Lb.Actors.Tests.Slices;

public class SliceBookTests
{
    [Fact]
    public void Node_that_is_the_only_one_has_all_at_once()
    {
        SliceWorld world = new(1, nodes: 1, limit: 30);

        world.Run(1000);

        Assert.Equal(30, world[1].Usable(SliceWorld.Service, world.Now));
    }

    [Fact]
    public void Limit_is_whole_and_in_equal_parts_when_nobody_uses_it()
    {
        SliceWorld world = new(2, nodes: 3, limit: 30);

        world.Run(6000);

        Assert.All(world.Alive, node => Assert.Equal(10, node.Usable(SliceWorld.Service, world.Now)));
        Assert.All(world.Alive, node => Assert.Equal(10, node.Usable(SliceWorld.Backend, world.Now)));
    }

    [Fact]
    public void Node_that_needs_more_gets_what_others_do_not_use_within_a_moment()
    {
        SliceWorld world = new(3, nodes: 3, limit: 30);
        world.Run(6000);
        world[2].Wanted = 30;

        world.Run(600, () => Holds(world, 30));

        Assert.Equal(30, world[2].Used + world[1].Usable(SliceWorld.Service, world.Now) + world[3].Usable(SliceWorld.Service, world.Now));
        Assert.InRange(world[2].Used, 28, 30);
        world[2].Wanted = 0;
        world[3].Wanted = 30;
        world.Run(4000, () => Holds(world, 30));
        Assert.InRange(world[3].Used, 28, 30);
    }

    [Fact]
    public void Slice_of_a_node_that_is_lost_is_used_by_others_when_its_lease_is_over()
    {
        SliceWorld world = new(4, nodes: 3, limit: 30);
        Want(world, 30);
        world.Run(6000, () => Holds(world, 30));
        world.Kill(world[1]);

        world.Run(5000, () => Assert.InRange(world[2].Used + world[3].Used, 0, 20));
        world.Run(12_000, () => Holds(world, 30));

        Assert.Equal(30, world[2].Used + world[3].Used);
    }

    [Fact]
    public void Node_that_is_cut_off_has_nothing_when_its_lease_is_over_and_its_slice_again_when_it_is_back()
    {
        SliceWorld world = new(5, nodes: 3, limit: 30);
        world.Run(6000);
        world.Split([SliceWorld.NameOf(1)]);

        world.Run(4000, () => Holds(world, 30));
        Assert.Equal(10, world[1].Usable(SliceWorld.Service, world.Now));
        world.Run(12_000, () => Holds(world, 30));
        Assert.Equal(0, world[1].Usable(SliceWorld.Service, world.Now));
        Assert.Equal(30, world.Usable(SliceWorld.Service));
        world.Cut.Clear();
        world.Run(6000, () => Holds(world, 30));

        Assert.Equal(10, world[1].Usable(SliceWorld.Service, world.Now));
    }

    [Fact]
    public void Halves_keep_what_they_have_until_the_table_says_which_goes_on()
    {
        SliceWorld world = new(6, nodes: 4, limit: 40);
        world.Run(6000);
        world.Split([SliceWorld.NameOf(1), SliceWorld.NameOf(2)]);

        world.Run(15_000, () => Holds(world, 40));
        Assert.All(world.Alive, node => Assert.Equal(10, node.Usable(SliceWorld.Service, world.Now)));

        world.Change([SliceWorld.NameOf(1), SliceWorld.NameOf(2)]);
        world.Run(20_000, () => Holds(world, 40));
        Assert.Equal(20, world[1].Usable(SliceWorld.Service, world.Now));
        Assert.Equal(20, world[2].Usable(SliceWorld.Service, world.Now));
        Assert.Equal(0, world[3].Usable(SliceWorld.Service, world.Now));
    }

    [Fact]
    public void Of_two_nodes_the_one_that_is_left_keeps_its_slice_and_gets_all_when_the_other_is_out()
    {
        SliceWorld world = new(7, nodes: 2, limit: 30);
        world.Run(6000);
        world.Kill(world[2]);

        world.Run(15_000, () => Assert.Equal(15, world[1].Usable(SliceWorld.Service, world.Now)));
        world.Change([SliceWorld.NameOf(1)]);
        world.Run(14_000, () => Assert.InRange(world[1].Usable(SliceWorld.Service, world.Now), 15, 30));

        Assert.Equal(30, world[1].Usable(SliceWorld.Service, world.Now));
    }

    [Fact]
    public void Limit_that_is_lowered_cuts_nobody_and_lets_nobody_in_until_there_is_room()
    {
        SliceWorld world = new(8, nodes: 3, limit: 30);
        Want(world, 30);
        world.Run(8000);
        int used = world.Alive.Sum(node => node.Used);
        Assert.Equal(30, used);

        world.Configure(12);
        world.Run(1000);
        used = world.Alive.Sum(node => node.Used);
        long since = world.Now;
        world.Run(20_000, () =>
        {
            int now = world.Alive.Sum(node => node.Used);
            Assert.True(now <= used || now <= 12, $"{now} are used after {used}, of 12");
            used = now;
            Holds(world, world.Now - since < 2000 ? 30 : 12);
        });

        Assert.InRange(used, 10, 12);
        world.Configure(60);
        Want(world, 60);
        world.Run(3000);
        Assert.InRange(world.Alive.Sum(node => node.Used), 55, 60);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Limit_that_is_lowered_after_a_death_holds_once_all_know_it(int killed)
    {
        SliceWorld world = new(10, nodes: 3, limit: 30);
        Want(world, 30);
        world.Run(6000);
        world.Kill(world[killed]);

        // One of them divided the limit. Who does so after it renews slices as they are until it knows all that was given.
        world.Run(4500, () => Holds(world, 30));
        world.Configure(12);
        world.Run(1600, () => Holds(world, 30));
        world.Run(15_000, () => Holds(world, 12));
        Assert.Equal(12, world.Usable(SliceWorld.Service));
    }

    [Fact]
    public void While_a_node_knows_of_no_shared_limits_each_counts_for_itself()
    {
        SliceWorld world = new(9, nodes: 3, limit: 30);
        world[3].HaltedUntil = 0;
        world[3].Book = new SliceBook("elsewhere:1", 1, 0); // Says nothing that counts.
        world.Run(4000);
        Assert.All([world[1], world[2]], node => Assert.Null(node.Mixed));

        world.Run(4000);

        Assert.All([world[1], world[2]], node => Assert.Equal(int.MaxValue, node.Usable(SliceWorld.Service, world.Now)));
        world.Start(SliceWorld.NameOf(3));
        world.Run(9000);
        Assert.Equal(30, world.Usable(SliceWorld.Service));
    }

    private static void Want(SliceWorld world, int each)
    {
        foreach (SliceWorld.Node node in world.Alive)
        {
            node.Wanted = each;
        }
    }

    private static void Holds(SliceWorld world, int limit)
    {
        int usable = world.Usable(SliceWorld.Service);
        Assert.True(usable <= limit, $"{usable} of {limit} may be used at {world.Now} ms");
    }
}
