using System.Net;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

public class ForwardingTests
{
    [Fact]
    public void A_fresh_site_is_written_with_one_table_and_no_moved_slot()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        Assert.All(node.Table(), slot => Assert.Equal(0, slot.Previous));
        Assert.Equal([1, 2, 3], node.Table().Select(slot => slot.Current).Distinct().Order());
        Assert.Equal(1, node.Datapath.Writes.Count(write => write == "SwapTable"));
        ServiceSnapshot web = node.Web();
        Assert.Equal(251, web.Slots);
        Assert.Equal(1, web.Backends.Sum(backend => backend.Share), 6);
        Assert.All(web.Backends, backend => Assert.Equal(BackendState.Up, backend.State));
        Assert.Equal(KernelHealth.Good, node.Snapshot().Kernel.Health);
    }

    [Fact]
    public void Nat_gets_its_reply_side_and_leaves_the_node_s_own_addresses_alone()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        NatEntry entry = node.Datapath.ReadNat()[Configs.Socket(1)];
        Assert.Equal((Configs.Vip.Address, Configs.Vip.Port), (entry.Vip, entry.Port));
        Assert.Equal([IPNetwork.Parse("10.0.0.1/32")], node.Datapath.ReadDirect());

        node.Neighbours.SetLocal(IPAddress.Parse("10.0.0.7"), IPAddress.Parse("2001:db8::7"));
        node.WaitFor(
            () => node.Datapath.ReadDirect().SetEquals(
                [IPNetwork.Parse("10.0.0.7/32"), IPNetwork.Parse("2001:db8::7/128")]),
            "the new addresses are direct");
    }

    [Fact]
    public void A_neighbour_that_changes_is_written()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        node.Neighbours.Set(Configs.Address(1), FakeNeighbours.Hop(9));
        node.WaitFor(
            () => node.Datapath.ReadBackends()[node.Index(1)].NextHop?.InterfaceIndex == 9, "the next hop is written");
        node.Neighbours.Set(Configs.Address(1), null);
        node.Change(web => web with { Seed = 8 });
        node.WaitFor(() => node.Service(Configs.Vip)!.Seed == 8, "the seed is written");
        Assert.Equal(9, node.Datapath.ReadBackends()[node.Index(1)].NextHop?.InterfaceIndex);
    }

    [Fact]
    public void A_service_that_is_said_to_be_in_the_kernel_is_there_by_its_newest_config()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        for (uint seed = 100; seed < 150; seed++)
        {
            node.Change(web => web with { Seed = seed });
            node.WaitFor(() => node.Web().InKernel, "it is said to be there");
            Assert.Equal(seed, node.Service(Configs.Vip)!.Seed);
        }
    }

    [Fact]
    public void A_dead_backend_s_slots_go_to_the_others_and_nothing_else_moves()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        var before = node.Table();
        node.Prober.Down(2);
        node.WaitFor(() => node.Table().All(slot => slot.Current != 2), "backend 2 has no slot");
        Assert.All(
            node.Table().Index(),
            slot => Assert.True(
                before[slot.Index].Current == 2 ? slot.Item.Previous == 0 : slot.Item.Current is 1 or 3,
                "a slot names the dead backend"));
        Assert.False(node.Datapath.ReadBackends()[node.Index(2)].Alive);
        Assert.Equal(BackendState.Down, node.Backend(2).State);

        node.Prober.Up(2);
        node.WaitFor(() => node.Table().Select(s => s.Current).SequenceEqual(before.Select(s => s.Current)), "it is back");
        Assert.All(node.Table().Where(slot => slot.Current == 2), slot => Assert.NotEqual(0, slot.Previous));
    }

    [Fact]
    public void A_silent_backend_is_down_when_its_probes_time_out()
    {
        ServiceConfig web = Configs.Service(Configs.Backend(1), Configs.Backend(2));
        web = web with { Health = web.Health with { Timeout = TimeSpan.FromMilliseconds(20) } };
        using Node node = Node.Start(web);
        node.Prober.Silent(1);
        node.WaitFor(() => node.Table() is { Length: > 0 } table && table.All(s => s.Current == 2), "backend 1 has no slot");
    }

    [Fact]
    public void Probes_that_run_take_another_health_config()
    {
        ServiceConfig web = Configs.Service(Configs.Backend(1), Configs.Backend(2));
        using Node node = Node.Start(web with { Health = web.Health with { Fall = 1_000_000 } });
        int probes = node.Prober.Probes(1);
        node.Prober.Down(1);
        node.WaitFor(() => node.Prober.Probes(1) > probes + 5, "it was probed");
        Assert.Equal(BackendState.Up, node.Backend(1).State);
        node.Change(_ => web);
        node.WaitFor(() => node.Backend(1).State == BackendState.Down, "it is down");
        node.Change(_ => web.Unchecked());
        node.WaitFor(() => node.Backend(1).State == BackendState.Up, "it is not checked any more");
    }

    [Fact]
    public void A_flapping_backend_that_never_falls_moves_nothing()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        int writes = node.Datapath.Writes.Count;
        int probes = node.Prober.Probes(1);
        node.Prober.Flap(1);
        node.WaitFor(() => node.Prober.Probes(1) > probes + 20, "it was probed");
        Assert.Equal(writes, node.Datapath.Writes.Count);
        Assert.Equal(BackendState.Up, node.Backend(1).State);
    }

    [Fact]
    public void A_backend_that_goes_and_comes_again_and_again_ends_where_it_began()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        string digest = node.Web().Digest;
        for (int i = 0; i < 3; i++)
        {
            node.Prober.Down(1);
            node.WaitFor(() => node.Backend(1).State == BackendState.Down, "it is down");
            node.Prober.Up(1);
            node.WaitFor(() => node.Backend(1).State == BackendState.Up, "it is up");
        }

        node.WaitFor(() => node.Web().Digest == digest, "the table is the first one");
    }

    [Fact]
    public void A_service_without_backends_refuses_and_takes_one_later()
    {
        using Node node = Node.Start(Configs.Service());
        node.WaitFor(() => node.Service(Configs.Vip) is { Slots: 0 }, "the VIP is there without a table");
        Assert.Equal(0, node.Web().Slots);
        node.Change(_ => Configs.Service(Configs.Backend(1)));
        node.WaitFor(() => node.Table() is { Length: 251 } table && table.All(slot => slot == (1, 0)), "it forwards");
    }

    [Fact]
    public void When_every_backend_is_down_new_flows_are_refused_until_one_is_up()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.Prober.Down(1);
        node.Prober.Down(2);
        node.WaitFor(() => node.Service(Configs.Vip) is { Slots: 0 }, "there is no table");
        node.Prober.Up(2);
        node.WaitFor(() => node.Table() is { Length: 251 } table && table.All(slot => slot == (2, 0)), "it forwards again");
    }
}
