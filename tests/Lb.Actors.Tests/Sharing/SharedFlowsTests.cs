using Xunit.Abstractions;

namespace Lb.Actors.Tests.Sharing;

/// <summary>The promise: any node takes any packet of a flow, on clean slots and on moved ones, whatever happens to nodes and pool.</summary>
public sealed class SharedFlowsTests(ITestOutputHelper output)
{
    private const int Backends = 6;

    [Fact]
    public void Flows_stay_where_they_are_while_a_backend_is_added_and_they_go_from_node_to_node()
    {
        ShareWorld world = Settled(seed: 1, nodes: 3);
        world.Open(300);
        Live(world, 3000);
        Add(world, 5);
        Live(world, 20_000, opens: 4);
        Assert.True(world.Hops > 1000, $"{world.Hops} hops are few");
        Assert.Contains(world.Nodes, node => node.Moved > 0);
    }

    [Fact]
    public void Flows_live_on_when_the_node_that_has_them_is_killed()
    {
        ShareWorld world = Settled(seed: 2, nodes: 3);
        world.Open(300);
        Live(world, 2000);
        Add(world, 5);
        Live(world, 10_000, opens: 4);
        world.Kill(world[1]);
        Live(world, 60_000, opens: 2);
    }

    [Fact]
    public void Slots_become_clean_on_all_nodes_when_no_flow_needs_them()
    {
        ShareWorld world = Settled(seed: 3, nodes: 3);
        world.Open(300);
        Add(world, 5);
        world.Run(5000);
        Assert.All(world.Nodes, node => Assert.True(node.Moved > 0));
        world.Run(150_000);
        Assert.All(world.Nodes, node => Assert.Equal(0, node.Moved));
        world.Run(100_000);
        Assert.All(world.Nodes, node => Assert.Equal(0, node.Entries));
    }

    [Fact]
    public void Slot_stays_moved_on_all_nodes_while_one_of_them_has_older_flows()
    {
        ShareWorld world = Settled(seed: 4, nodes: 3);
        world.Open(200);
        Live(world, 1000);
        Add(world, 5);
        for (int i = 0; i < 200; i++)
        {
            world.Run(1000);
            world.Talk(0.2);
        }

        Assert.All(world.Nodes, node => Assert.True(node.Moved > 0, "older flows are alive, and their slots are clean"));
        Assert.True(world.Flows > 20);
    }

    [Fact]
    public void Node_that_starts_with_nothing_has_all_before_it_serves()
    {
        ShareWorld world = Settled(seed: 5, nodes: 2);
        world.Open(400);
        Live(world, 1000);
        Add(world, 5);
        Live(world, 10_000, opens: 5);
        ShareNode third = world.Start("10.0.0.3:9120", keeps: false);
        Assert.False(third.Book.WasCaughtUp);
        world.Run(2000);
        Assert.True(third.Book.WasCaughtUp, third.Book.Lacks);
        Assert.Equal(world[1].Moved, third.Moved);
        Live(world, 30_000, opens: 2);
    }

    [Fact]
    public void Node_that_comes_back_with_old_slots_takes_those_of_the_others()
    {
        ShareWorld world = Settled(seed: 6, nodes: 3);
        world.Open(100);
        Add(world, 5);
        world.Run(2000);
        int moved = world[3].Moved;
        Assert.True(moved > 0);
        world.Kill(world[3]);
        for (int i = 0; i < 150 && (world[1].Moved > 0 || world[2].Moved > 0); i++)
        {
            world.Run(2000);
        }

        Assert.Equal(0, world[1].Moved);
        ShareNode back = world.Start("10.0.0.3:9120", keeps: true);
        Assert.True(back.Moved > 0, "it has what its kernel had");
        world.Run(1500);
        Assert.Equal(0, back.Moved);
    }

    [Fact]
    public void Slots_of_a_node_that_is_lost_are_kept_for_the_flow_memory()
    {
        ShareWorld world = Settled(seed: 7, nodes: 2);
        world.Open(300);
        Live(world, 1000);
        Add(world, 5);
        // Long enough for entries to look idle where they are copies.
        for (int i = 0; i < 60; i++)
        {
            world.Run(1000);
            world.Talk(0.3);
        }

        world.Kill(world[1]);
        world.Run((int)ShareWorld.Memory.TotalMilliseconds - 5000);
        Assert.True(world[2].Moved > 0, "it forgets what the lost node had");
        world.Talk(1.0);
    }

    [Fact]
    public void Lost_messages_delay_and_lose_nothing()
    {
        ShareWorld world = Settled(seed: 8, nodes: 3);
        world.Loss = 0.3;
        world.Open(200);
        Add(world, 5);
        Live(world, 20_000, opens: 5);
        world.Loss = 0;
        world.Run(2000);
        foreach (ShareNode node in world.Nodes)
        {
            Assert.True(node.Book.IsFlushed);
            Assert.All(node.Book.Report(world.Ticks).Peers, peer => Assert.Equal((0, TimeSpan.Zero), (peer.Behind, peer.Lag)));
        }
    }

    [Fact]
    public void Who_lacks_more_than_is_kept_asks_for_all()
    {
        ShareWorld world = Settled(seed: 9, nodes: 2);
        world.Open(100);
        Add(world, 5);
        Live(world, 2000);
        world.Loss = 1;
        for (int i = 0; i <= ShareTimes.MostKept; i++)
        {
            world[1].Book.OnNews(
                [new SharedFlow(ShareNode.Service, VoteHash.Of(Configs.Socket(1)), System.Net.IPAddress.Loopback, 60_000, default, true)], world.Ticks);
        }

        world.Loss = 0;
        world.Run(3000);
        Assert.True(world[1].Book.IsFlushed);
        Assert.Equal(1, world[2].Book.Report(world.Ticks).Peers.Single().Resyncs);
        Live(world, 10_000, opens: 2);
    }

    [Fact]
    public void Kernel_that_had_no_room_for_news_has_all_asked_for()
    {
        ShareWorld world = Settled(seed: 10, nodes: 2);
        world.Open(100);
        Add(world, 5);
        Live(world, 2000);
        world[1].Book.OnNewsLost(world.Ticks);
        world.Run(3000);
        Assert.True(world[1].Book.IsFlushed);
        Assert.Equal(1, world[2].Book.Report(world.Ticks).Peers.Single().Resyncs);
    }

    [Fact]
    public void Whatever_happens_no_flow_leaves_a_living_backend()
    {
        const int Schedules = 15;
        long hops = 0;
        long talks = 0;
        for (int seed = 1000; seed < 1000 + Schedules; seed++)
        {
            ShareWorld world = Play(seed);
            hops += world.Hops;
            talks += world.Talks;
        }

        output.WriteLine($"{Schedules} schedules from seed 1000: {talks} packets of live flows, {hops} of them at another node than the one before");
        Assert.True(hops > 10_000, $"{hops} hops are few");
    }

    private static ShareWorld Play(int seed)
    {
        Random random = new(seed);
        ShareWorld world = Settled(seed, nodes: 2 + random.Next(3));
        world.Loss = random.Next(3) * 0.1;
        world.Open(60);
        for (int step = 0; step < 40; step++)
        {
            Act(world, random);
            Live(world, 500 + random.Next(4000), opens: random.Next(4), share: 0.1 + (0.3 * random.NextDouble()));
        }

        return world;
    }

    private static void Act(ShareWorld world, Random random)
    {
        int backend = 1 + random.Next(Backends);
        ShareNode[] alive = [.. world.Nodes.Where(node => !node.IsDead)];
        ShareNode[] dead = [.. world.Nodes.Where(node => node.IsDead)];
        switch (random.Next(14))
        {
            case 0 or 1 when backend > 2:
                Change(world, backend, b => b with { Admin = b.Admin == BackendAdmin.Drain ? BackendAdmin.Enabled : BackendAdmin.Drain });
                break;
            case 2:
                Change(world, backend, b => b with { Weight = 1 + random.Next(4) });
                break;
            case 3 when backend > 2:
                world.Judge(Configs.Socket(backend), up: !world.IsUp(Configs.Socket(backend)));
                break;
            case 4 when alive.Count(node => node.Book.WasCaughtUp) > 1:
                world.Kill(alive[random.Next(alive.Length)]);
                break;
            case 5 or 6 or 7 when dead.Length > 0:
                world.Start(dead[0].Address, keeps: random.Next(2) == 0);
                break;
            case 8:
                for (int i = 0; i < 50; i++)
                {
                    world.Run(1000);
                    world.Talk(0.05);
                }

                break;
            default:
                break;
        }
    }

    internal static ShareWorld Settled(int seed, int nodes)
    {
        ServiceConfig config = Configs.Service(
            [.. Enumerable.Range(1, Backends).Select(n => Configs.Backend(n) with { Admin = n > 4 ? BackendAdmin.Drain : BackendAdmin.Enabled })]);
        ShareWorld world = new(seed, nodes, config with { FlowMemory = ShareWorld.Memory, Slots = ShareWorld.Slots });
        world.Run(2000);
        Assert.All(world.Nodes, node => Assert.True(node.Book.WasCaughtUp, node.Book.Lacks));
        return world;
    }

    internal static void Add(ShareWorld world, int backend) => Change(world, backend, b => b with { Admin = BackendAdmin.Enabled });

    private static void Change(ShareWorld world, int backend, Func<BackendConfig, BackendConfig> change) => world.Configure(config =>
    {
        BackendConfig found = config.Backends.Values.ElementAt(backend - 1);
        return config with { Backends = config.Backends.SetItem(found.Name, change(found)) };
    });

    private static void Live(ShareWorld world, int milliseconds, int opens = 0, double share = 0.3)
    {
        for (int time = 0; time < milliseconds; time += 100)
        {
            world.Open(opens);
            world.Talk(share);
            world.Run(100);
        }
    }
}
