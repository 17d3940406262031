using System.Globalization;
using Lb.Kernel;

namespace Lb.Actors.Tests.Votes;

/// <summary>Nodes have a backend that comes up in the same step, whose clocks say what they may.</summary>
public sealed class VoteStepsTests
{
    private const int SlowStartSeconds = 16;
    private static readonly PoolPolicy s_policy = new() { SlowStart = TimeSpan.FromSeconds(SlowStartSeconds) };

    [Fact]
    public void Start_is_not_slow()
    {
        VoteWorld world = Settled(seed: 1, nodes: 3);
        Assert.All(world.Nodes, node => Assert.Empty(world[node].Stepped));
        Assert.All(world.Nodes, node => Assert.All(world.VerdictsOf(node), verdict => Assert.Equal(HealthVerdict.Up, verdict)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(5, 0.3)]
    public void Backend_that_comes_back_goes_through_every_step_on_all_nodes_and_tables_agree(int nodes, double loss)
    {
        VoteWorld world = Settled(seed: nodes, nodes);
        world.Loss = loss;
        Endpoint backend = Bounce(world);

        RunWithTables(world, 1000 * (SlowStartSeconds + 8));

        Assert.All(world.Nodes, node =>
        {
            (long At, Endpoint Backend, byte Step)[] steps = [.. world[node].Stepped];
            Assert.All(steps, step => Assert.Equal(backend, step.Backend));
            Assert.Equal(0, steps[^1].Step);
            if (loss == 0)
            {
                Assert.InRange(steps[^1].At - steps[0].At, 1000 * (SlowStartSeconds - 2), 1000 * (SlowStartSeconds + 3));
                Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 0], steps.Select(step => (int)step.Step));
            }
        });
    }

    [Fact]
    public void Backend_that_is_new_in_a_pool_that_runs_comes_up_slowly()
    {
        VoteWorld world = Settled(seed: 7, nodes: 3);
        foreach (string node in world.Nodes)
        {
            world.Configure(node, [.. world.Backends, VoteWorld.Passing(1)]);
        }

        world.Run(3000);

        Assert.All(world.Nodes, node => Assert.Equal(1, world[node].Stepped[0].Step));
        Assert.All(world.Nodes, node => Assert.Equal(VoteWorld.Passing(1), world[node].Stepped[0].Backend));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Owner_that_is_killed_on_the_way_is_replaced_and_the_way_goes_on_from_there(int seed)
    {
        VoteWorld world = Settled(seed, nodes: 4);
        Bounce(world);
        RunWithTables(world, 6000);
        string owner = world.OwnerBy(world.Nodes.First());

        world.Kill(owner);
        world.TellMembers();
        RunWithTables(world, 1000 * (SlowStartSeconds + 4));

        Assert.All(world.Nodes.Where(node => node != owner), node =>
        {
            (long At, Endpoint Backend, byte Step)[] steps = [.. world[node].Stepped];
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 0], steps.Select(step => (int)step.Step));
            Assert.InRange(steps[^1].At - steps[0].At, 1000 * (SlowStartSeconds - 2), 1000 * (SlowStartSeconds + 5));
        });
    }

    [Fact]
    public void Backend_that_goes_down_on_the_way_begins_anew()
    {
        VoteWorld world = Settled(seed: 9, nodes: 3);
        Endpoint backend = Bounce(world);
        world.Run(6000);
        world.Dead.Add(backend);
        world.Run(2500);
        Assert.All(world.Nodes, node => Assert.Equal(0, world[node].Stepped[^1].Step));

        world.Dead.Clear();
        world.Run(2500);
        Assert.All(world.Nodes, node => Assert.InRange(world[node].Stepped[^1].Step, (byte)1, (byte)2));
    }

    [Fact]
    public void Word_on_a_step_is_the_same_bytes_as_ever_but_for_the_upper_half_of_the_verdict()
    {
        VoteKey key = new(VoteKind.Agreed, 1, 2);
        VoteStamp stamp = new(3, 4, 5, 6);
        byte[] plain = VoteCodec.Write(Part(new VoteEntry(key, new VoteValue(HealthVerdict.Up, stamp))));
        byte[] stepped = VoteCodec.Write(Part(new VoteEntry(key, new VoteValue(HealthVerdict.Up, stamp, Step: 8))));
        int[] differ = [.. Enumerable.Range(0, plain.Length).Where(i => plain[i] != stepped[i])];
        Assert.Equal((1, 0x01, 0x81), (differ.Length, plain[differ[0]], stepped[differ[0]]));
        Assert.Equal(8, Assert.IsType<VoteMessage.Part>(VoteCodec.Read(stepped)).Chunk.Entries[0].Value.Step);

        foreach (byte wrong in (byte[])[0x91, 0x82, 0x10, 0x03])
        {
            stepped[differ[0]] = wrong;
            Assert.Empty(Assert.IsType<VoteMessage.Part>(VoteCodec.Read(stepped)).Chunk.Entries);
        }
    }

    private static VoteMessage.Part Part(VoteEntry entry) => new(7, new VoteChunk(0, 1, [entry]));

    private static VoteWorld Settled(int seed, int nodes)
    {
        VoteWorld world = new(seed, nodes, backends: 4) { SlowStart = s_policy.SlowStart };
        foreach (string node in world.Nodes)
        {
            world.Configure(node, world.Backends);
        }

        world.Run(4000);
        return world;
    }

    /// <summary>A backend dies and is back.</summary>
    private static Endpoint Bounce(VoteWorld world)
    {
        Endpoint backend = world.Backends[2];
        world.Dead.Add(backend);
        world.Run(3000);
        world.Dead.Clear();
        return backend;
    }

    /// <summary>Nodes build the tables of what they are told; none is ever taken for one that differs.</summary>
    private static void RunWithTables(VoteWorld world, int milliseconds)
    {
        string[] nodes = [.. world.Nodes.Where(node => !world[node].IsDead)];
        for (int gone = 0; gone < milliseconds; gone += 250)
        {
            foreach (string node in nodes)
            {
                world.Build(node, ulong.Parse(
                    world.DigestOf(node, s_policy).AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }

            world.Run(250);
        }

        Assert.All(nodes, node => Assert.Empty(world[node].Repairs));
        Assert.All(nodes, node => Assert.False(world[node].IsApart));
        Assert.Single(nodes.Select(node => world.DigestOf(node, s_policy)).Distinct());
    }
}
