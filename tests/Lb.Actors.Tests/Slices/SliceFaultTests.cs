namespace Lb.Actors.Tests.Slices;

public class SliceFaultTests
{
    private const int Limit = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    /// <summary>
    /// Random deaths, orderly ends, restarts, halts, losses, delays, broken paths, halves, members given up and taken in again, owners that change
    /// with all that: never may more be used than the limit, and all of it may when it is over.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_no_more_may_be_used_than_the_limit_and_all_of_it_afterwards(int seed)
    {
        Random random = new(seed);
        int nodes = random.Next(1, 7);
        SliceWorld world = new(seed, nodes, Limit);
        for (int round = 0; round < 25; round++)
        {
            Happen(world, nodes, random);
            foreach (SliceWorld.Node node in world.Alive)
            {
                node.Wanted = random.Next(3) == 0 ? random.Next(Limit * 2) : random.Next(5);
            }

            world.Run(random.Next(100, 6000), () => Holds(world));
        }

        world.Run(12_000, () => Holds(world));
        world.Cut.Clear();
        (world.Loss, world.MostDelay) = (0, 20);
        for (int n = 1; n <= nodes; n++)
        {
            world[n].HaltedUntil = 0;
            if (world[n].IsDead)
            {
                world.Start(SliceWorld.NameOf(n));
            }

            world[n].Wanted = n == 1 ? Limit : 0;
        }

        world.Change([.. Enumerable.Range(1, nodes).Select(SliceWorld.NameOf)]);
        world.Run(25_000, () => Holds(world));
        Assert.Equal(Limit, world.Usable(SliceWorld.Service));
        Assert.Equal(Limit, world.Usable(SliceWorld.Backend));
        Assert.InRange(world[1].Used, Limit - 2, Limit);
    }

    private static void Happen(SliceWorld world, int nodes, Random random)
    {
        SliceWorld.Node node = world[random.Next(1, nodes + 1)];
        switch (random.Next(10))
        {
            case 0:
                world.Kill(node);
                break;
            case 1 when node.IsDead && world.Now - world.GoneAt > 12_000: // Sooner, its books would not know who was given up.
                world.Start(node.Name);
                break;
            case 2:
                node.HaltedUntil = world.Now + random.Next(500, 12_000);
                break;
            case 3:
                world.Split([.. Enumerable.Range(1, nodes).Where(_ => random.Next(2) == 0).Select(SliceWorld.NameOf)]);
                break;
            case 4:
                SliceWorld.Node other = world[random.Next(1, nodes + 1)];
                world.Cut.Add((node.Name, other.Name));
                break;
            case 5:
                world.Loss = random.Next(2) * 0.3 * random.NextDouble();
                world.MostDelay = random.Next(3) == 0 ? random.Next(20, 5000) : 20;
                break;
            case 6:
                world.Cut.Clear();
                break;
            case 7 when world.Members.Count > 1 && IsLost(world, node, nodes):
                world.Change(world.Members.Remove(node.Name));
                break;
            case 8 when !node.IsDead && world.Cut.Count == 0:
                world.Change(world.Members.Add(node.Name));
                break;
            case 9 when !node.IsDead:
                world.End(node);
                node.IsClosed = true;
                world.Run(random.Next(0, 1500), () => Holds(world));
                world.Leave(node);
                break;
            default:
                break;
        }
    }

    /// <summary>Whom the others give up: those that are dead, or on the smaller side.</summary>
    private static bool IsLost(SliceWorld world, SliceWorld.Node node, int nodes) => node.IsDead
        || world.Members.Count(other => other != node.Name && world.Cut.Contains((node.Name, other))) * 2 > world.Members.Count;

    private static void Holds(SliceWorld world)
    {
        int usable = world.Usable(SliceWorld.Service);
        Assert.True(usable <= Limit, $"{usable} of {Limit} may be used at {world.Now} ms: "
            + string.Join(", ", world.Alive.Select(node => $"{node.Name} {node.Usable(SliceWorld.Service, world.Now)}")));
    }
}
