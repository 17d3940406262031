using Lb.Cluster.Membership;

namespace Lb.Cluster.Tests.Membership;

/// <summary>What a site does under faults, on the real rules in virtual time.</summary>
public sealed class SimulatedSiteTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Nodes_that_start_at_once_are_one_site(int count)
    {
        var site = Formed(1, count);

        Assert.Equal(count, site.Table.Members.Count);
        Assert.Single(site.Nodes.Select(node => node.View.Leader).Distinct());
        Assert.Equal(count, site.Table.Members.Values.Select(member => member.UpNumber).Distinct().Count());
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 4)]
    [InlineData(9, 6)]
    public void Killed_nodes_are_noticed_given_up_and_removed_and_come_back_as_new_ones(int count, int killed)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var site = Formed(seed, count);
            var dead = site.Nodes.Take(killed).ToList();
            var lives = dead.ConvertAll(node => node.View.Self!);
            dead.ForEach(node => node.IsAlive = false);
            var rest = site.Nodes.Skip(killed).ToList();

            var noticed = site.RunUntil(
                () => rest.TrueForAll(node => lives.TrueForAll(node.View.Unreachable.ContainsKey)), Minute, "noticed");
            Assert.True(noticed < TimeSpan.FromSeconds(8), $"noticed after {noticed}");
            site.RunUntil(() => site.Table.Members.Count == count - killed, Minute, "removed");
            Assert.All(rest, node => Assert.Equal(NodeStatus.Up, node.View.SelfMember?.Status));

            dead.ForEach(node => site.Start(node.Address));
            site.RunUntil(() => IsFormed(site, count), Minute, "back");
            Assert.All(lives, life => Assert.True(site.Table.Members[life.Address].Id.Incarnation > life.Incarnation));
        }
    }

    [Fact]
    public void A_node_that_is_started_again_at_once_replaces_its_earlier_life()
    {
        var site = Formed(1, 3);
        var before = site.Nodes[0].View.Self!;
        site.Nodes[0].IsAlive = false;

        site.Start(before.Address);

        // Nobody has to notice the death: the row is the new life's as soon as it joins.
        site.RunUntil(() => site.Table.Find(before) is null, TimeSpan.FromSeconds(12), "replaced");
        site.RunUntil(() => IsFormed(site, 3), Minute, "up again");
    }

    [Fact]
    public void All_nodes_started_again_at_once_are_one_site_again()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var site = Formed(seed, 5);
            site.Nodes.ForEach(node => node.IsAlive = false);
            site.Run(TimeSpan.FromSeconds(seed % 4));
            var last = site.Table.LastIncarnation;
            site.Start(5);

            site.RunUntil(() => IsFormed(site, 5), Minute, "one site");
            Assert.All(site.Table.Members.Values, member => Assert.True(member.Id.Incarnation > last));
        }
    }

    [Fact]
    public void A_node_cut_off_from_all_keeps_a_stale_view_and_comes_back_by_itself()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var site = Formed(seed, 5);
            var lost = site.Nodes[seed % 5];
            var life = lost.View.Self!;
            var others = site.Nodes.Where(node => node != lost).ToList();
            site.Connected = (from, to) => (from == lost.Address) == (to == lost.Address);
            site.ReachesTable = address => address != lost.Address;

            site.RunUntil(() => site.Table.Members.Count == 4, Minute, "removed");
            Assert.True(lost.View.IsStale);
            Assert.Equal(life, lost.View.Self);
            Assert.Equal(5, lost.View.State.Members.Count);
            Assert.All(others, node => Assert.False(node.View.IsStale));

            site.Connected = (_, _) => true;
            site.ReachesTable = _ => true;
            site.RunUntil(() => IsFormed(site, 5), Minute, "back");
            Assert.NotEqual(life, lost.View.Self);
        }
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(5, 3)]
    [InlineData(4, 2)]
    [InlineData(2, 1)]
    public void Of_two_sides_that_both_reach_the_table_the_larger_or_the_oldest_goes_on(int count, int cut)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var site = Formed(seed, count);
            var side = site.Table.ByAge.Take(cut).Select(member => member.Id.Address).ToHashSet();
            site.Connected = (from, to) => side.Contains(from) == side.Contains(to);
            var winners = cut * 2 >= count ? side : [.. site.Table.Members.Keys.Except(side)];

            site.RunUntil(() => site.Table.Members.Count == winners.Count, Minute, "one side given up");
            Assert.Equal(winners.Order(), site.Table.Members.Keys);

            // The others do not come and go while the network is cut.
            site.Run(Minute);
            Assert.Equal(winners.Order(), site.Table.Members.Keys);
            Assert.All(
                site.Nodes.Where(node => !winners.Contains(node.Address)),
                node => Assert.Contains("too few members answer", node.View.Problem));

            site.Connected = (_, _) => true;
            site.RunUntil(() => IsFormed(site, count), Minute, "one site again");
        }
    }

    [Fact]
    public void Of_two_sides_the_one_that_reaches_the_table_goes_on_however_small()
    {
        var site = Formed(1, 5);
        var small = site.Nodes.Take(2).Select(node => node.Address).ToHashSet();
        site.Connected = (from, to) => small.Contains(from) == small.Contains(to);
        site.ReachesTable = small.Contains;

        site.RunUntil(() => site.Table.Members.Count == 2, Minute, "the others given up");
        Assert.All(site.Nodes.Where(node => !small.Contains(node.Address)), node => Assert.True(node.View.IsStale));

        site.Connected = (_, _) => true;
        site.ReachesTable = _ => true;
        site.RunUntil(() => IsFormed(site, 5), Minute, "one site again");
    }

    [Fact]
    public void With_the_table_away_nobody_is_given_up_and_reachability_goes_on()
    {
        var site = Formed(1, 5);
        site.ReachesTable = _ => false;
        site.Nodes[0].IsAlive = false;
        var dead = site.Nodes[0].View.Self!;

        site.RunUntil(
            () => site.Nodes.Skip(1).All(node => node.View.Unreachable.ContainsKey(dead)), Minute, "noticed");
        site.Run(Minute);

        Assert.Equal(5, site.Table.Members.Count);
        Assert.All(site.Nodes.Skip(1), node => Assert.True(node.View.IsStale));
        Assert.All(site.Nodes.Skip(1), node => Assert.Equal(5, node.View.State.Members.Count));
        Assert.Single(site.Nodes.Skip(1).Select(node => node.View.Leader).Distinct());
        site.ReachesTable = _ => true;
        site.RunUntil(() => site.Table.Members.Count == 4, Minute, "removed");
    }

    [Fact]
    public void A_broken_path_between_two_takes_neither()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var site = Formed(seed, 3 + (seed % 5));
            var (one, other) = (site.Nodes[0].Address, site.Nodes[1].Address);
            site.Connected = (from, to) => !((from == one && to == other) || (from == other && to == one));
            site.Run(Minute);

            Assert.True(IsFormed(site, site.Nodes.Count), $"seed {seed}\n{site}");
            Assert.All(site.Nodes, node => Assert.Empty(node.View.Unreachable));
        }
    }

    [Fact]
    public void A_node_that_sends_and_hears_nothing_takes_nobody_with_it()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var site = Formed(seed, 3 + (seed % 5));
            var deaf = site.Nodes[1].Address;
            site.Connected = (_, to) => to != deaf;
            site.Run(Minute);

            Assert.Equal(site.Nodes.Count - 1, site.Table.Members.Count);
            Assert.Null(site.StatusOf(deaf));
        }
    }

    [Fact]
    public void A_node_that_was_halted_accuses_nobody()
    {
        var site = Formed(1, 5);
        var halted = site.Nodes[2];
        for (var i = 0; i < 20; i++)
        {
            halted.IsHalted = true;
            site.Run(TimeSpan.FromMilliseconds(1500));
            halted.IsHalted = false;
            for (var step = 0; step < 20; step++)
            {
                site.Run(TimeSpan.FromMilliseconds(25));
                Assert.All(site.Nodes, node => Assert.Empty(node.View.Unreachable));
            }
        }

        // Halted for longer, it is given up, and what it finds when it goes on is not held against others.
        halted.IsHalted = true;
        site.RunUntil(() => site.Table.Members.Count == 4, Minute, "given up");
        halted.IsHalted = false;
        site.RunUntil(() => IsFormed(site, 5), Minute, "back");
        Assert.All(site.Nodes, node => Assert.Empty(node.View.Unreachable));
    }

    [Fact]
    public void A_lossy_network_takes_nobody()
    {
        var site = Formed(1, 20);
        site.Loss = 100;
        site.Run(TimeSpan.FromMinutes(5));

        Assert.True(IsFormed(site, 20), site.ToString());
    }

    [Fact]
    public void A_node_that_leaves_is_out_when_it_has_handed_over()
    {
        var site = Formed(1, 3);
        var leaving = site.Nodes[0];
        leaving.Agent.Leave(site.Now);

        site.RunUntil(() => site.StatusOf(leaving.Address) is NodeStatus.Exiting, Minute, "exiting");
        site.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(NodeStatus.Exiting, site.StatusOf(leaving.Address));
        leaving.Agent.ConfirmExit(site.Now);

        site.RunUntil(() => site.Table.Members.Count == 2 && leaving.View.End is not null, Minute, "gone");
        site.Run(Minute);
        Assert.Equal(2, site.Table.Members.Count);
        Assert.Equal("it left", leaving.View.End);
    }

    [Fact]
    public void The_last_node_leaves_too()
    {
        var site = Formed(1, 1);
        site.Nodes[0].Agent.Leave(site.Now);
        site.Nodes[0].Agent.ConfirmExit(site.Now);

        site.RunUntil(() => site.Table.Members.Count == 0 && site.Nodes[0].View.End is not null, Minute, "gone");
    }

    [Fact]
    public void Of_two_processes_with_one_address_the_later_one_stays()
    {
        var site = Formed(1, 2);
        var first = site.Nodes[0];

        // Messages to the address are heard by both here; in the table it is the second one's.
        var second = site.Start(first.Address);
        site.RunUntil(() => first.View.End is not null, Minute, "the first has ended");

        Assert.Contains("another process took its address", first.View.End);
        Assert.Equal(second.View.Self, site.Table.Members[first.Address].Id);
    }

    [Fact]
    public void A_table_put_back_from_a_backup_becomes_true_again_by_itself()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var site = Formed(seed, 3);
            var backup = site.Table;
            var ghost = site.Nodes[0].View.Self!;
            site.Nodes[0].IsAlive = false;
            site.RunUntil(() => site.Table.Members.Count == 2, Minute, "removed");
            var fourth = site.Start("10.9.9.9:1");
            site.RunUntil(() => site.StatusOf(fourth.Address) is NodeStatus.Up, Minute, "up");
            var (revision, incarnation) = (site.Table.Revision, site.Table.LastIncarnation);

            site.Table = backup;
            site.RunUntil(
                () => site.StatusOf(fourth.Address) is NodeStatus.Up && site.Table.Find(ghost) is null, Minute, "true");

            Assert.True(site.Table.Revision > revision);
            Assert.True(site.Table.Members[fourth.Address].Id.Incarnation > incarnation);
            Assert.Equal(3, site.Table.Members.Count);
        }
    }

    private static SimulatedSite Formed(int seed, int count)
    {
        var site = new SimulatedSite(seed);
        site.Start(count);
        site.RunUntil(() => IsFormed(site, count), Minute, "formed");
        return site;
    }

    private static bool IsFormed(SimulatedSite site, int count) =>
        site.Table.Members.Count == count
        && site.Table.Members.Values.All(member => member.Status is NodeStatus.Up)
        && site.Nodes.Where(node => node.IsAlive).All(
            node => node.View.State == site.Table && node.View.Unreachable.IsEmpty && node.View.Self is not null);
}
