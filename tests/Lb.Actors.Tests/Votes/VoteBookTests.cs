using Lb.Kernel;

namespace Lb.Actors.Tests.Votes;

/// <summary>Nodes agree on backends, whatever happens between them.</summary>
public sealed class VoteBookTests
{
    private const HealthVerdict Up = HealthVerdict.Up;
    private const HealthVerdict Down = HealthVerdict.Down;

    [Fact]
    public void Backends_that_answer_are_up_on_all_nodes_within_two_probes()
    {
        VoteWorld world = new(1, nodes: 5, backends: 20);

        world.Run(2500);

        AssertAll(world, Up);
    }

    [Fact]
    public void Dead_backend_is_down_on_all_nodes_at_once_and_up_again_with_it()
    {
        VoteWorld world = Settled(nodes: 3, backends: 4);

        world.Dead.Add(world.Backends[2]);
        world.Run(1200);
        Assert.All(world.Nodes, node => Assert.Equal([Up, Up, Down, Up], world.VerdictsOf(node)));

        world.Dead.Clear();
        world.Run(1200);
        AssertAll(world, Up);
    }

    [Fact]
    public void Backend_that_one_node_does_not_reach_stays_up_and_is_that_nodes_path_fault()
    {
        VoteWorld world = Settled(nodes: 3, backends: 4);
        world.Cut.Add(("10.0.0.2:9120", $"{world.Backends[0]}"));

        world.Run(10_000);

        AssertAll(world, Up);
        Assert.Equal([0, 1, 0], world.Nodes.Select(node => world[node].PathFaults));
        world.Cut.Clear();
        world.Run(2000);
        Assert.All(world.Nodes, node => Assert.Equal(0, world[node].PathFaults));
    }

    [Fact]
    public void Two_nodes_that_see_a_backend_differently_change_nothing()
    {
        VoteWorld world = Settled(nodes: 2, backends: 2);
        world.Cut.Add(("10.0.0.1:9120", $"{world.Backends[0]}"));

        world.Run(30_000);

        AssertAll(world, Up);
    }

    [Fact]
    public void Each_backend_has_three_probers_however_many_nodes_there_are()
    {
        VoteWorld world = Settled(nodes: 10, backends: 60);

        Assert.All(world.Backends, backend =>
            Assert.Equal(3, world.Nodes.Count(node => world[node].Probes.Contains(backend))));
        Assert.All(world.Nodes, node => Assert.InRange(world[node].Probes.Count, 5, 40));
    }

    [Fact]
    public void Owner_that_is_killed_is_replaced_and_what_was_agreed_stays()
    {
        VoteWorld world = Settled(nodes: 3, backends: 3);
        world.Dead.Add(world.Backends[1]);
        world.Run(1500);
        string owner = world.OwnerBy("10.0.0.1:9120");
        string other = world.Nodes.First(node => node != owner);
        int changes = world[other].Changes;

        world.Kill(owner);
        world.TellMembers();
        world.Run(3000);

        Assert.Equal([Up, Down, Up], world.VerdictsOf(other));
        Assert.Equal(changes, world[other].Changes);
        Assert.NotEqual(owner, world.OwnerBy(other));

        world.Dead.Add(world.Backends[0]);
        world.Run(1500);
        Assert.Equal([Down, Down, Up], world.VerdictsOf(other));
    }

    [Fact]
    public void Node_that_sees_nothing_changes_nothing_anywhere()
    {
        VoteWorld world = Settled(nodes: 3, backends: 3);
        string alone = world.OwnerBy("10.0.0.1:9120");
        world.CutOff(alone);
        foreach (Endpoint backend in world.Backends)
        {
            world.Cut.Add((alone, $"{backend}"));
        }

        world.TellMembers();
        world.Run(5000);
        world.TellMembers(lost: true);
        world.Run(60_000);

        AssertAll(world, Up);
    }

    [Fact]
    public void Last_node_that_is_left_goes_by_its_own_probes()
    {
        VoteWorld world = Settled(nodes: 3, backends: 2);
        world.Kill("10.0.0.2:9120");
        world.Kill("10.0.0.3:9120");
        world.TellMembers();
        world.Dead.Add(world.Backends[0]);
        world.Run(5000);
        Assert.Equal([Up, Up], world.VerdictsOf("10.0.0.1:9120")); // They may be back, and see it otherwise.

        world.TellMembers(lost: true);
        world.Run(2000);

        Assert.Equal([Down, Up], world.VerdictsOf("10.0.0.1:9120"));
    }

    [Fact]
    public void Owner_of_before_is_not_followed_when_it_comes_back_with_an_old_view()
    {
        VoteWorld world = Settled(nodes: 3, backends: 2);
        string old = world.OwnerBy("10.0.0.1:9120");
        string other = world.Nodes.First(node => node != old);
        world.CutOff(old);
        world.TellMembers();
        world.Dead.Add(world.Backends[0]);
        world.Run(3000);
        Assert.Equal([Down, Up], world.VerdictsOf(other));
        Assert.Equal([Up, Up], world.VerdictsOf(old)); // No quorum on its side.

        world.Cut.Clear();
        world.Run(3000); // It hears of the others before membership says that it reaches them.
        Assert.All(world.Nodes, node => Assert.Equal([Down, Up], world.VerdictsOf(node)));

        world.TellMembers();
        world.Run(5000);
        Assert.All(world.Nodes, node => Assert.Equal([Down, Up], world.VerdictsOf(node)));
        Assert.Single(world.Nodes.Select(world.OwnerBy).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Node_that_starts_again_learns_what_is_agreed_without_a_probe()
    {
        VoteWorld world = Settled(nodes: 3, backends: 40);
        world.Dead.UnionWith(world.Backends.Take(20));
        world.Run(2000);
        world.Remove("10.0.0.3:9120");
        world.Run(2000);

        world.Start("10.0.0.3:9120");
        world.Run(900);

        Assert.Equal(world.VerdictsOf("10.0.0.1:9120"), world.VerdictsOf("10.0.0.3:9120"));
        Assert.Equal(20, world.VerdictsOf("10.0.0.3:9120").Count(verdict => verdict == Down));
    }

    [Fact]
    public void Node_says_what_it_lacks_until_it_has_heard_what_was_agreed()
    {
        VoteWorld world = Settled(nodes: 3, backends: 4);
        Assert.All(world.Nodes, node => Assert.Null(world[node].Book.Lacks(world.TicksOf(node))));
        world.CutOff("10.0.0.3:9120");
        world.Start("10.0.0.3:9120");
        world["10.0.0.3:9120"].Book.OnMembers(
            [.. world.Nodes.Select(node => new VoteMember(node, IsReachable: true, IsLost: false))], 1, isMember: true, world.TicksOf("10.0.0.3:9120"));
        Assert.Equal(
            "it has not heard of 10.0.0.1:9120, 10.0.0.2:9120 what was agreed on backends", world["10.0.0.3:9120"].Book.Lacks(world.TicksOf("10.0.0.3:9120")));
        world.Cut.Clear();
        world.Run(2500);
        Assert.Null(world["10.0.0.3:9120"].Book.Lacks(world.TicksOf("10.0.0.3:9120")));
    }

    [Fact]
    public void Messages_that_get_lost_delay_agreement_and_do_not_prevent_it()
    {
        VoteWorld world = Settled(nodes: 4, backends: 30);
        world.Loss = 0.3;
        world.Dead.UnionWith(world.Backends.Where((_, at) => at % 3 == 0));

        world.Run(20_000);

        Assert.All(world.Nodes, node => Assert.All(
            world.Backends.Zip(world.VerdictsOf(node), (Backend, Verdict) => (Backend, Verdict)),
            pair => Assert.Equal(world.Dead.Contains(pair.Backend) ? Down : Up, pair.Verdict)));
    }

    [Fact]
    public void Idle_load_does_not_grow_with_the_number_of_backends()
    {
        long few = IdleMessages(backends: 5);
        long many = IdleMessages(backends: 500);

        Assert.Equal(few, many);
        Assert.Equal(3 * 2 * 2 * 60, few); // Each tells each other one twice a second that it is there.
    }

    [Fact]
    public void Backends_that_come_and_go_do_not_pile_up_and_the_others_follow()
    {
        VoteWorld world = Settled(nodes: 3, backends: 4);
        string node = world.Nodes.First();
        for (int i = 0; i < VoteBook.MostTakenBack + 10; i++)
        {
            world.Configure(node, [.. world.Backends, VoteWorld.Passing(i)]);
            world[node].Book.OnSeen(VoteWorld.Service, VoteWorld.Passing(i), Up, world.TicksOf(node));
        }

        world.Configure(node, world.Backends);
        Assert.InRange(world[node].Book.TakenBack, VoteBook.MostTakenBack + 1, int.MaxValue);

        world.Run(3000);

        Assert.Equal(0, world[node].Book.TakenBack);
        world.Dead.Add(world.Backends[1]);
        world.Run(2000);
        Assert.All(world.Nodes, each => Assert.Equal([Up, Down, Up, Up], world.VerdictsOf(each)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_all_agree_with_the_truth_in_the_end(int part)
    {
        for (int seed = part * 25; seed < (part + 1) * 25; seed++)
        {
            Random random = new(seed);
            VoteWorld world = new(seed, nodes: 3 + random.Next(3), backends: 6) { Loss = 0.1 };
            for (int step = 0; step < 12; step++)
            {
                Disturb(world, random);
                world.Run(500 + random.Next(6000));
            }

            world.Cut.Clear();
            world.Loss = 0;
            world.TellMembers();
            world.Run(10_000);

            HealthVerdict[] truth = [.. world.Backends.Select(b => world.Dead.Contains(b) ? Down : Up)];
            Assert.All(world.Nodes, node => Assert.Equal(truth, world.VerdictsOf(node)));
            Assert.Single(world.Nodes.Select(world.OwnerBy).Distinct(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Networks_that_break_and_heal_for_ten_minutes_change_no_verdict(int seed)
    {
        const int Minutes = 10;
        Random random = new(seed);
        VoteWorld world = new(seed, nodes: 5, backends: 8);
        world.Run(6000);
        AssertAll(world, Up);
        int[] changes = [.. world.Nodes.Select(node => world[node].Changes)];
        for (long end = world.Now + (Minutes * 60_000); world.Now < end;)
        {
            Break(world, random);

            // Until membership notices, and for a while after.
            world.Run(random.Next(3000));
            world.TellMembers();
            world.Run(500 + random.Next(3000));
            if (random.Next(4) == 0)
            {
                // Long enough for nodes to be given up.
                world.Run(7000);
                world.TellMembers(lost: true);
                world.Run(random.Next(7000));
            }
        }

        Assert.Equal(changes, world.Nodes.Select(node => world[node].Changes));
        AssertAll(world, Up);
        world.Cut.Clear();
        world.TellMembers();
        world.Run(5000);
        Assert.Single(world.Nodes.Select(world.OwnerBy).Distinct(StringComparer.Ordinal));

        // And it goes on to decide.
        world.Dead.Add(world.Backends[0]);
        world.Run(3000);
        Assert.All(world.Nodes, node => Assert.Equal(Down, world.VerdictsOf(node)[0]));
    }

    /// <summary>
    /// Breaks the network in another way: one node off, and sometimes off from all backends too, the owner off, halves, one
    /// way only; or heals it.
    /// </summary>
    private static void Break(VoteWorld world, Random random)
    {
        string[] nodes = [.. world.Nodes];
        string node = nodes[random.Next(nodes.Length)];
        world.Cut.Clear();
        switch (random.Next(6))
        {
            case 0:
                world.CutOff(node);
                break;
            case 1:
                world.CutOff(node);
                world.Cut.UnionWith(world.Backends.Select(backend => (node, $"{backend}")));
                break;
            case 2:
                world.CutOff(world.OwnerBy(node));
                break;
            case 3:
                int half = 1 + random.Next(nodes.Length - 1);
                world.Cut.UnionWith(nodes[..half].SelectMany(one => nodes[half..], (one, two) => (one, two)));
                world.Cut.UnionWith(nodes[half..].SelectMany(one => nodes[..half], (one, two) => (one, two)));
                break;
            case 4:
                world.Cut.UnionWith(nodes.Where(other => other != node).Select(other => (node, other)));
                break;
            default:
                break;
        }
    }

    private static void Disturb(VoteWorld world, Random random)
    {
        string node = world.Nodes.ElementAt(random.Next(world.Nodes.Count));
        Endpoint backend = world.Backends[random.Next(world.Backends.Length)];
        switch (random.Next(7))
        {
            case 0:
                world.Dead.Add(backend);
                break;
            case 1:
                world.Dead.Remove(backend);
                break;
            case 2:
                world.Cut.Add((node, $"{backend}"));
                break;
            case 3:
                world.CutOff(node);
                break;
            case 4:
                world.Cut.Clear();
                break;
            case 5 when world.Nodes.Count > 2:
                world.Remove(node);
                world.Run(random.Next(3000));
                world.Start(node);
                break;
            default:
                string other = world.Nodes.ElementAt(random.Next(world.Nodes.Count));
                world.Cut.Add((node, other)); // One way only.
                break;
        }

        world.TellMembers(lost: random.Next(2) == 0);
    }

    private static VoteWorld Settled(int nodes, int backends)
    {
        VoteWorld world = new(7, nodes, backends);
        world.Run(6000);
        AssertAll(world, Up);
        return world;
    }

    private static long IdleMessages(int backends)
    {
        VoteWorld world = Settled(nodes: 3, backends);
        world.Run(10_000);
        long before = world.Sent;
        world.Run(60_000);
        return world.Sent - before;
    }

    private static void AssertAll(VoteWorld world, HealthVerdict verdict) =>
        Assert.All(world.Nodes, node => Assert.All(world.VerdictsOf(node), got => Assert.Equal(verdict, got)));
}
