
namespace Lb.Actors.Tests.Announce;

/// <summary>Any mix of faults: afterwards each VIP has one holder, and no claim gives way to a lower one.</summary>
public sealed class AnnouncerFaultTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);

    [Fact]
    public void Whatever_happened_when_it_is_quiet_each_vip_has_one_holder_that_may_have_it()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            AnnouncerWorld world = new AnnouncerWorld(seed, nodes: 2 + random.Next(5), vips: 1 + random.Next(8)).StartAll();
            world.Prefers = random.Next(3) == 0;
            for (int fault = 0; fault < 12; fault++)
            {
                Disturb(world, random);
                world.Run(TimeSpan.FromMilliseconds(random.Next(3000)));
            }

            Mend(world);
            world.RunUntil(() => IsWell(world), Quiet, "each VIP has one holder");
            for (int look = 0; look < 20 && !world.Prefers; look++)
            {
                world.Run(TimeSpan.FromMilliseconds(100));
                Assert.True(IsWell(world), $"seed {seed}: it was well, and is not any more\n{world}");
            }
        }
    }

    private static void Disturb(AnnouncerWorld world, Random random)
    {
        AnnouncerNode node = world.Nodes[random.Next(world.Nodes.Count)];
        switch (random.Next(9))
        {
            case 0:
                AnnouncerWorld.Kill(node);
                break;
            case 1 when node.Rule is null:
                world.Start(node);
                break;
            case 2:
                node.IsHalted = !node.IsHalted;
                break;
            case 3:
                node.IsDraining = !node.IsDraining;
                break;
            case 4:
                node.IsAble = !node.IsAble;
                break;
            case 5:
                HashSet<AnnouncerNode> side = [.. world.Nodes.Where(_ => random.Next(2) == 0)];
                world.Connected = (from, to) => side.Contains(from) == side.Contains(to);
                break;
            case 6:
                world.Connected = (from, _) => from != node;
                break;
            case 7:
                world.Loss = random.Next(400);
                break;
            default:
                world.Connected = (_, _) => true;
                break;
        }
    }

    /// <summary>The network is whole and nobody is halted. Who drains or cannot forward goes on so.</summary>
    private static void Mend(AnnouncerWorld world)
    {
        world.Connected = (_, _) => true;
        world.Loss = 0;
        world.Nodes.ForEach(node => node.IsHalted = false);
        foreach (AnnouncerNode dead in world.Nodes.Where(node => node.Rule is null))
        {
            world.Start(dead);
        }
    }

    private static bool IsWell(AnnouncerWorld world)
    {
        bool someoneMay = world.Alive.Any(node => node is { IsAble: true, IsDraining: false });
        return !someoneMay
            ? world.Vips.All(vip => world.HoldersOf(vip).Count <= 1)
            : world.HasOneHolderEach(holder => !holder.IsDraining);
    }
}
