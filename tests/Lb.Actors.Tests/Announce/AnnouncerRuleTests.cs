using System.Net;

namespace Lb.Actors.Tests.Announce;

/// <summary>Who holds which VIP, in virtual time.</summary>
public sealed class AnnouncerRuleTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Nodes_that_start_together_hold_each_vip_once_and_share_them()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 60);

        int[] shares = [.. world.Nodes.Select(node => node.Rule!.Held.Count())];
        Assert.All(shares, share => Assert.InRange(share, 8, 35));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_node_that_dies_is_replaced_within_700_ms(int nodes)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            AnnouncerWorld world = Settled(nodes, vips: 12, seed);
            AnnouncerNode victim = world.Nodes[seed % nodes];

            AnnouncerWorld.Kill(victim);

            TimeSpan time = world.RunUntil(() => world.HasOneHolderEach(), Second, "others hold its VIPs");
            Assert.InRange(time.TotalMilliseconds, 0, 700);
        }
    }

    [Fact]
    public void A_node_that_comes_back_takes_nothing_away()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 12);
        AnnouncerWorld.Kill(world.Nodes[0]);
        world.RunUntil(() => world.HasOneHolderEach(), Second, "others hold its VIPs");
        var holders = world.Vips.ToDictionary(vip => vip, vip => world.HoldersOf(vip)[0]);

        world.Start(world.Nodes[0]);
        world.Run(30 * Second);

        Assert.All(world.Vips, vip => Assert.Equal([holders[vip]], world.HoldersOf(vip)));
    }

    [Fact]
    public void Where_vips_go_back_they_do_so_without_a_gap_and_only_when_the_node_has_been_there_for_a_while()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 12);
        world.Prefers = true;
        var first = world.Vips.ToDictionary(vip => vip, vip => world.HoldersOf(vip)[0]);
        AnnouncerWorld.Kill(world.Nodes[0]);
        world.RunUntil(() => world.HasOneHolderEach(), Second, "others hold its VIPs");

        world.Start(world.Nodes[0]);
        world.Run(9 * Second);
        Assert.Empty(world.Nodes[0].Rule!.Held);
        world.RunUntil(
            () =>
            {
                Assert.All(world.Vips, vip => Assert.NotEmpty(world.HoldersOf(vip)));
                return world.Vips.All(vip => world.HoldersOf(vip) is [var one] && one == first[vip]);
            },
            5 * Second,
            "each is where it was");
    }

    [Fact]
    public void A_node_that_drains_hands_over_at_once_and_without_a_gap()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 12);

        world.Nodes[1].IsDraining = true;
        TimeSpan time = world.RunUntil(
            () =>
            {
                Assert.All(world.Vips, vip => Assert.NotEmpty(world.HoldersOf(vip)));
                return world.HasOneHolderEach(holder => holder != world.Nodes[1]);
            },
            Second,
            "others hold its VIPs");
        Assert.InRange(time.TotalMilliseconds, 0, 150);

        world.Nodes[1].IsDraining = false;
        world.Run(5 * Second);
        Assert.Empty(world.Nodes[1].Rule!.Held);
    }

    [Fact]
    public void A_vip_whose_cable_is_out_goes_to_another_and_the_rest_stays()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 12);
        AnnouncerNode node = world.Nodes[0];
        IPAddress[] held = [.. node.Rule!.Held.Select(claim => claim.Vip)];
        Assert.True(held.Length > 1, "it holds too few to tell");

        node.Blocked = [held[0]];
        world.RunUntil(
            () => world.HoldersOf(held[0]) is [var other] && other != node, Second, "another holds what it cannot answer for");
        world.Run(5 * Second);
        Assert.Equal(held.Skip(1).ToHashSet(), node.Rule.Held.Select(claim => claim.Vip).ToHashSet());
    }

    [Fact]
    public void The_last_node_keeps_its_vips_though_it_drains()
    {
        AnnouncerWorld world = Settled(nodes: 2, vips: 4);
        AnnouncerWorld.Kill(world.Nodes[0]);
        world.RunUntil(() => world.HasOneHolderEach(), Second, "the other holds its VIPs");

        world.Nodes[1].IsDraining = true;
        world.Run(5 * Second);

        Assert.True(world.HasOneHolderEach(holder => holder == world.Nodes[1]));
        Assert.False(world.Nodes[1].Rule!.HasHeir);
    }

    [Fact]
    public void A_node_that_ends_says_so_and_another_takes_over_at_once()
    {
        AnnouncerWorld world = Settled(nodes: 2, vips: 4);

        world.Nodes[0].Rule!.End();
        foreach (AnnouncerEffect.Send send in world.Nodes[0].Rule!.Drain().OfType<AnnouncerEffect.Send>())
        {
            world.Nodes[1].Rule!.OnHello(world.Nodes[0].Address, send.Hello);
        }

        Assert.Equal(world.Vips.Count, world.Nodes[1].Rule!.Held.Count());
    }

    [Fact]
    public void A_holder_that_was_halted_loses_its_vips_and_answers_for_none_when_it_goes_on()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 12);
        AnnouncerNode halted = world.Nodes[2];
        halted.IsHalted = true;
        world.Run(Second);
        Assert.All(world.Vips, vip => Assert.Contains(world.HoldersOf(vip), holder => holder != halted));
        var holders = world.Vips.ToDictionary(vip => vip, vip => world.HoldersOf(vip).Find(holder => holder != halted));

        // Its first turn may come before it has read any message.
        halted.IsHalted = false;
        halted.Rule!.Tick(world.Now, new AnnouncerInput(
            world.Vips, [.. world.Nodes.Select(node => node.Address)], IsAble: true, IsDraining: false, 0));
        Assert.False(halted.Rule.MayAnswer);
        halted.Rule.Drain();
        world.RunUntil(() => world.HasOneHolderEach(), Second, "it gives up what others have taken");
        Assert.All(world.Vips, vip => Assert.Equal([holders[vip]!], world.HoldersOf(vip)));
    }

    [Fact]
    public void An_observer_that_was_halted_blames_nobody()
    {
        AnnouncerWorld world = Settled(nodes: 2, vips: 12);
        var holders = world.Vips.ToDictionary(vip => vip, vip => world.HoldersOf(vip)[0]);
        AnnouncerNode halted = world.Nodes[1];
        world.Connected = (from, to) => from != halted || to != world.Nodes[0];

        // What was sent to it meanwhile is lost, as when its socket was full.
        AnnouncerRule rule = halted.Rule!;
        world.Run(TimeSpan.FromMilliseconds(1));
        rule.Tick(world.Now + TimeSpan.FromMinutes(1), new AnnouncerInput(
            world.Vips, [.. world.Nodes.Select(node => node.Address)], IsAble: true, IsDraining: false, 0));

        Assert.All(
            world.Vips.Where(vip => holders[vip] == world.Nodes[0]),
            vip => Assert.DoesNotContain(rule.Held, claim => claim.Vip.Equals(vip)));
    }

    [Fact]
    public void Sides_of_a_broken_network_both_answer_and_become_one_at_the_first_word()
    {
        AnnouncerWorld world = Settled(nodes: 4, vips: 12);
        world.Connected = (from, to) => Side(world, from) == Side(world, to);
        world.Run(2 * Second);
        Assert.All(world.Vips, vip => Assert.Equal([0, 1], world.HoldersOf(vip).Select(node => Side(world, node)).Order()));

        world.Connected = (_, _) => true;
        TimeSpan time = world.RunUntil(() => world.HasOneHolderEach(), Second, "one holder again");
        Assert.InRange(time.TotalMilliseconds, 0, 200);
    }

    [Fact]
    public void A_broken_path_between_two_moves_no_vip()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 24);
        var holders = world.Vips.ToDictionary(vip => vip, vip => world.HoldersOf(vip)[0]);
        world.Connected = (from, to) => !(world.Nodes.IndexOf(from) < 2 && world.Nodes.IndexOf(to) < 2);

        world.Run(20 * Second);

        Assert.All(world.Vips, vip => Assert.Equal([holders[vip]], world.HoldersOf(vip)));
    }

    [Fact]
    public void A_process_that_follows_another_goes_on_with_what_it_held_and_with_its_terms()
    {
        AnnouncerWorld world = Settled(nodes: 2, vips: 6);
        AnnouncerNode upgraded = world.Nodes[0];
        IPAddress[] held = [.. upgraded.Rule!.Held.Select(claim => claim.Vip)];
        var terms = upgraded.Rule.Held.ToDictionary(claim => claim.Vip, claim => claim.Term);
        Assert.NotEmpty(held);

        world.Start(upgraded);
        upgraded.Answers.Clear();
        upgraded.Rule.Adopt(held);
        world.Run(2 * Second);

        Assert.True(world.HasOneHolderEach());
        Assert.Equal(held.ToHashSet(), upgraded.Rule.Held.Select(claim => claim.Vip).ToHashSet());
        Assert.All(upgraded.Rule.Held, claim => Assert.True(claim.Term >= terms[claim.Vip]));
    }

    [Fact]
    public void A_vip_that_leaves_the_site_is_nobodys_and_a_new_one_somebodys()
    {
        AnnouncerWorld world = Settled(nodes: 3, vips: 4);
        IPAddress gone = world.Vips.First();
        IPAddress added = IPAddress.Parse("203.0.113.200");

        world.Vips = world.Vips.Remove(gone).Add(added);
        world.RunUntil(() => world.HasOneHolderEach() && world.HoldersOf(gone).Count == 0, 3 * Second, "the change holds");
    }

    [Fact]
    public void More_vips_than_a_message_holds_are_told_in_several()
    {
        AnnouncerWorld world = Settled(nodes: 2, vips: 200);

        AnnouncerWorld.Kill(world.Nodes[0]);
        world.RunUntil(() => world.HasOneHolderEach(), Second, "the other holds all");
        world.Start(world.Nodes[0]);
        world.Run(5 * Second);
        Assert.True(world.HasOneHolderEach(holder => holder == world.Nodes[1]), $"{world}");
    }

    private static int Side(AnnouncerWorld world, AnnouncerNode node) => world.Nodes.IndexOf(node) % 2;

    private static AnnouncerWorld Settled(int nodes, int vips, int seed = 1)
    {
        AnnouncerWorld world = new AnnouncerWorld(seed, nodes, vips).StartAll();
        world.RunUntil(() => world.HasOneHolderEach(), 5 * Second, "each VIP has one holder");
        world.Run(Second);
        Assert.True(world.HasOneHolderEach(), $"{world}");
        return world;
    }
}
