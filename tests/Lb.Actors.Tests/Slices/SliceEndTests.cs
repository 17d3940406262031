namespace Lb.Actors.Tests.Slices;

/// <summary>Nodes that end in order, in virtual time. One of three divides the limit, and each of them ends once.</summary>
public class SliceEndTests
{
    private const int Limit = 30;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_node_that_ends_does_not_use_is_the_others_within_a_moment(int ending)
    {
        SliceWorld world = new(ending, nodes: 3, Limit);
        SliceWorld.Node[] others = [.. world.Alive.Where(node => node != world[ending])];
        Want(world);
        world.Run(6000, () => Holds(world));
        Assert.Equal(Limit, world.Alive.Sum(node => node.Used));
        int had = world[ending].Used;

        world.End(world[ending]);
        world.Run(600, () => Holds(world));
        Assert.InRange(world[ending].Used, 1, had); // What is open counts until it has ended.
        Assert.Equal(Limit, world.Taken());

        world[ending].IsClosed = true;
        world.Run(600, () => Holds(world));
        Assert.True(world[ending].Book.IsReturned);
        Assert.Equal(Limit, others.Sum(node => node.Used));

        // That it is out then changes nothing, and nobody's slice runs out meanwhile.
        world.Leave(world[ending]);
        world.Run(15_000, () => Assert.Equal(Limit, world.Usable(SliceWorld.Service)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_two_nodes_the_one_that_is_left_has_all_at_once(int ending)
    {
        SliceWorld world = new(20 + ending, nodes: 2, Limit);
        world.Run(6000);
        world[3 - ending].Wanted = Limit;

        world.End(world[ending]);
        world[ending].IsClosed = true;
        world.Run(1000, () => Holds(world));

        Assert.Equal(Limit, world[3 - ending].Used);
        world.Leave(world[ending]);
        world.Run(15_000, () => Assert.Equal(Limit, world.Usable(SliceWorld.Service)));
    }

    [Fact]
    public void All_end_one_after_the_other_and_start_again()
    {
        SliceWorld world = new(30, nodes: 3, Limit);
        Want(world);
        world.Run(6000);
        for (int ending = 1; ending <= 3; ending++)
        {
            world.End(world[ending]);
            world[ending].IsClosed = true;
            world.Run(1000, () => Holds(world));
            world.Leave(world[ending]);
            world.Run(2000, () => Assert.Equal(Limit, world.Usable(SliceWorld.Service)));
            world.Start(SliceWorld.NameOf(ending));
            world.Change(world.Members.Add(SliceWorld.NameOf(ending)));
            Want(world);
            world.Run(6000, () => Holds(world));
        }

        Assert.Equal(Limit, world.Usable(SliceWorld.Service));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Two_that_end_soon_after_another_leave_all_to_the_last_one(int first, int second)
    {
        SliceWorld world = new(60 + first, nodes: 3, Limit);
        Want(world);
        world.Run(6000);
        foreach (int ending in (ReadOnlySpan<int>)[first, second])
        {
            world.End(world[ending]);
            world[ending].IsClosed = true;
            world.Run(1000, () => Holds(world));
            world.Leave(world[ending]);
            world.Run(2500, () => Assert.Equal(Limit, world.Usable(SliceWorld.Service)));
        }

        Assert.Equal(Limit, world.Alive.Single().Used);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Word_that_is_lost_costs_the_lease_and_no_more(int ending)
    {
        SliceWorld world = new(40 + ending, nodes: 3, Limit);
        Want(world);
        world.Run(6000);
        int others = Limit - world[ending].Used;
        world.Split([SliceWorld.NameOf(ending)]);

        world.End(world[ending]);
        world[ending].IsClosed = true;
        world.Run(1000, () => Holds(world));
        Assert.False(world[ending].Book.IsReturned);
        world.Leave(world[ending]);
        world.Run(2000, () => Assert.InRange(world.Usable(SliceWorld.Service), 0, others));
        world.Run(15_000, () => Holds(world));

        Assert.Equal(Limit, world.Alive.Sum(node => node.Used));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Among_nodes_of_a_release_before_it_is_as_it_was(int ending)
    {
        SliceWorld world = new(50 + ending, nodes: 3, Limit);
        foreach (SliceWorld.Node other in world.Alive.Where(node => node != world[ending]))
        {
            other.IsOld = true;
        }

        Want(world);
        world.Run(6000);
        int others = Limit - world[ending].Used;
        world.End(world[ending]);
        world[ending].IsClosed = true;
        world.Run(1000, () => Holds(world));
        Assert.InRange(world.Usable(SliceWorld.Service), others, Limit); // Nobody's slice ends for want of one who divides.
        world.Leave(world[ending]);
        world.Run(20_000, () => Holds(world));

        Assert.Equal(Limit, world.Alive.Sum(node => node.Used));
    }

    /// <summary>Messages get lost, come twice, late and in another order, while nodes end, close, leave and start again.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_becomes_of_messages_no_more_is_taken_than_the_limit(int seed)
    {
        Random random = new(seed);
        int nodes = random.Next(2, 6);
        SliceWorld world = new(seed, nodes, Limit) { Loss = 0.3 * random.NextDouble(), MostDelay = random.Next(20, 1500) };
        for (int round = 0; round < 12; round++)
        {
            foreach (SliceWorld.Node node in world.Alive)
            {
                node.IsOld = random.Next(10) == 0;
                node.Wanted = random.Next(2) == 0 ? random.Next(Limit * 2) : random.Next(5);
            }

            world.Run(random.Next(500, 8000), () => Holds(world));
            SliceWorld.Node ending = world[random.Next(1, nodes + 1)];
            world.End(ending);
            world.Run(random.Next(0, 800), () => Holds(world));
            ending.IsClosed = true;
            world.Run(random.Next(0, 800), () => Holds(world));
            world.Leave(ending);
            world.Run(random.Next(100, 8000), () => Holds(world));
            world.Start(ending.Name);
            world.Change(world.Members.Add(ending.Name));
        }

        (world.Loss, world.MostDelay) = (0, 20);
        foreach (SliceWorld.Node node in world.Alive)
        {
            node.Wanted = 0;
        }

        world.Run(25_000, () => Holds(world));
        Assert.Equal(Limit, world.Usable(SliceWorld.Service));
    }

    private static void Want(SliceWorld world)
    {
        foreach (SliceWorld.Node node in world.Alive)
        {
            node.Wanted = Limit;
        }
    }

    private static void Holds(SliceWorld world) => Assert.True(
        world.Taken() <= Limit,
        $"{world.Taken()} of {Limit} are taken at {world.Now} ms: " + string.Join(", ", world.Alive.Select(node =>
            $"{node.Name} {(node.Ends ? "ends with" : "may have")} {(node.Ends ? node.Used : node.Usable(SliceWorld.Service, world.Now))}")));
}
