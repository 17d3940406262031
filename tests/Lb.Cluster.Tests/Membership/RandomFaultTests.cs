using Lb.Cluster.Membership;

namespace Lb.Cluster.Tests.Membership;

/// <summary>
/// Random schedules of kills, starts, halts, cuts, a table that is away or put back: while they go on no rule is broken,
/// and when they end all that runs is one site again, without a human.
/// </summary>
public sealed class RandomFaultTests
{
    private const int Schedules = 150;

    [Fact]
    public void Whatever_happens_the_site_becomes_one_again_by_itself()
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            var random = new Random(seed);
            var site = new SimulatedSite(seed) { Loss = random.Next(3) * 30 };
            var count = 2 + random.Next(6);
            site.Start(count);
            for (var i = 0; i < 25; i++)
            {
                Disturb(site, random);
                site.Run(TimeSpan.FromMilliseconds(random.Next(8000)));
                CheckRules(site, seed);
            }

            site.Connected = (_, _) => true;
            site.ReachesTable = _ => true;
            site.Loss = 0;
            site.Nodes.ForEach(node => node.IsHalted = false);
            var alive = site.Nodes.Where(node => node.IsAlive && node.View.End is null)
                .Select(node => node.Address).Distinct().Order().ToList();
            site.RunUntil(
                () => site.Table.Members.Keys.SequenceEqual(alive)
                    && site.Table.Members.Values.All(member => member.Status is NodeStatus.Up)
                    && site.Nodes.Where(node => node.IsAlive && node.View.End is null)
                        .All(node => node.View.State == site.Table && node.View.Unreachable.IsEmpty),
                TimeSpan.FromMinutes(2), $"one site of {string.Join(' ', alive)}");
        }
    }

    private static void Disturb(SimulatedSite site, Random random)
    {
        var node = site.Nodes[random.Next(site.Nodes.Count)];
        switch (random.Next(9))
        {
            case 0:
                if (site.Nodes.Count(other => other.IsAlive) > 1)
                {
                    node.IsAlive = false;
                }

                break;
            case 1 or 2:
                if (!site.Nodes.Exists(other => other.Address == node.Address && other.IsAlive))
                {
                    site.Start(node.Address);
                }

                break;
            case 3:
                node.IsHalted = !node.IsHalted;
                break;
            case 4:
                var side = site.Nodes.Where(_ => random.Next(2) == 0).Select(other => other.Address).ToHashSet();
                site.Connected = (from, to) => side.Contains(from) == side.Contains(to);
                break;
            case 5:
                // One way only.
                site.Connected = (from, _) => from != node.Address;
                break;
            case 6:
                var away = site.Nodes.Where(_ => random.Next(2) == 0).Select(other => other.Address).ToHashSet();
                site.ReachesTable = address => !away.Contains(address);
                break;
            default:
                site.Connected = (_, _) => true;
                site.ReachesTable = _ => true;
                break;
        }
    }

    private static void CheckRules(SimulatedSite site, int seed)
    {
        // An incarnation is one life: no two processes take themselves for the same member.
        var selves = site.Nodes.Where(node => node.IsAlive && node.View.Self is not null)
            .Select(node => node.View.Self!.Incarnation).ToList();
        Assert.True(selves.Distinct().Count() == selves.Count, $"seed {seed}: an incarnation lives twice");
        var ages = site.Table.Members.Values.Where(member => member.HasBeenUp).Select(member => member.UpNumber).ToList();
        Assert.True(ages.Distinct().Count() == ages.Count, $"seed {seed}: two members are of one age");
        Assert.All(site.Nodes, node => Assert.True(node.View.State.Revision <= site.Table.Revision));
    }
}
