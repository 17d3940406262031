using Lb.Kernel;

namespace Lb.Actors.Tests;

public class DrainTests
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    [Fact]
    public void A_draining_backend_keeps_older_flows_and_shows_how_many_are_left()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        int held = Array.IndexOf(node.Table(), (1, 0));
        int owned = node.Table().Count(slot => slot.Current == 1);
        Drain(node, 1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 takes no new flow");
        Assert.Equal(owned, node.Table().Count(slot => slot.Previous == 1));
        node.AddFlow(1000, backend: 1, held);
        node.WaitFor(() => node.Backend(1).TrackedFlows == 1, "the flow is seen");
        BackendSnapshot draining = node.Backend(1);
        Assert.Equal((BackendState.Draining, 0, owned), (draining.State, draining.Slots, draining.PreviousSlots));

        node.Clock.Advance(Memory);
        node.WaitFor(() => node.Web().MovedSlots == 1, "only the slot with a flow is moved");
        Assert.Equal((2, 1), node.Table()[held]);
        node.AddFlow(1000, backend: 1, held, idle: Memory);
        node.WaitFor(() => node.Table().All(slot => slot == (2, 0)), "every slot is clean");
        node.WaitFor(() => node.Datapath.ReadFlows().Count == 0, "its entry is gone");
        Assert.Equal(BackendState.Draining, node.Backend(1).State);
        Assert.True(node.Datapath.ReadBackends()[node.Index(1)].Alive);
    }

    [Fact]
    public void A_drain_that_is_called_off_loses_nothing()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        var before = node.Table();
        Drain(node, 1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 takes no new flow");
        node.Change(_ => Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.WaitFor(() => node.Table().SequenceEqual(before), "the table is clean and as before");
    }

    [Fact]
    public void The_only_backend_drains_and_keeps_its_flows()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        Drain(node, 1);
        node.WaitFor(() => node.Table() is { Length: > 0 } table && table.All(s => s == (0, 1)), "only older flows go on");
        node.Clock.Advance(Memory);
        node.WaitFor(() => node.Service(Configs.Vip) is { Slots: 0 } || node.Table().All(s => s == (0, 0)), "all ended");
    }

    [Fact]
    public void A_backend_that_leaves_the_config_finishes_its_flows_and_is_then_forgotten()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        int held = Array.IndexOf(node.Table(), (1, 0));
        uint index = node.Index(1);
        node.Change(_ => Configs.Service(Configs.Backend(2)));
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 takes no new flow");
        node.AddFlow(1000, backend: 1, held);
        node.Clock.Advance(Memory);
        node.WaitFor(() => node.Web().MovedSlots == 1, "only the slot with a flow is moved");
        Assert.True(node.Backend(1).Leftover);
        Assert.Contains(Configs.Socket(1), node.Datapath.ReadNat().Keys);

        node.AddFlow(1000, backend: 1, held, idle: Memory);
        node.WaitFor(() => node.Web().Backends.Length == 1, "it is forgotten");
        node.WaitFor(() => !node.Datapath.ReadBackends()[index].Alive, "it is released");
        node.Clock.Advance(TimeSpan.FromSeconds(2));
        node.WaitFor(() => !node.Datapath.ReadBackends().ContainsKey(index), "its index is free");
        Assert.DoesNotContain(Configs.Socket(1), node.Datapath.ReadNat().Keys);
        Assert.Empty(node.Datapath.ReadFlows());
    }

    [Fact]
    public void A_backend_that_leaves_the_config_keeps_the_connections_whose_ids_name_it_for_a_while()
    {
        using Node node = Node.Start(Quic(Backend(1), Backend(2)));
        ServerIdKey id = new(node.Datapath.ReadServices().Values.Single().Id, 5, new ServerId([0x0a, 1]));
        uint index = node.Index(1);
        Assert.Equal(index, node.Datapath.ReadServerIds()[id]);
        node.Change(_ => Quic(Backend(2)));
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        node.WaitFor(() => node.Table().All(slot => slot == (2, 0)), "no slot is moved");
        Assert.True(node.Backend(1).Leftover);
        Assert.Equal(index, node.Datapath.ReadServerIds()[id]);
        Assert.True(node.Datapath.ReadBackends()[index].Alive);

        node.Clock.Advance(Memory);
        node.WaitFor(() => node.Web().Backends.Length == 1, "it is forgotten");
        node.WaitFor(() => !node.Datapath.ReadServerIds().ContainsKey(id), "no ID names it");
        Assert.Single(node.Datapath.ReadServerIds());

        static BackendConfig Backend(int number) => Configs.Backend(number) with { ServerId = new ServerId([0x0a, (byte)number]) };

        static ServiceConfig Quic(params BackendConfig[] backends) => Configs.Service(backends) with
        {
            Vip = Configs.Vip with { Protocol = TransportProtocol.Udp },
            Quic = new QuicRouting(5, 2),
        };
    }

    [Fact]
    public void A_backend_that_vanishes_from_config_and_network_is_forgotten_at_once()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.Prober.Down(1);
        node.Change(_ => Configs.Service(Configs.Backend(2)));
        node.WaitFor(() => node.Web().Backends.Length == 1, "it is forgotten");
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2 && slot.Previous is 0 or 2), "no slot names it");
    }

    [Fact]
    public void An_index_is_not_given_out_while_a_flow_names_it()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked());
        uint index = node.Index(1);
        node.Change(_ => Configs.Service(Configs.Backend(1, admin: BackendAdmin.Disabled), Configs.Backend(2)).Unchecked());
        node.Change(_ => Configs.Service(Configs.Backend(2)).Unchecked());
        node.WaitFor(() => node.Web().Backends.Length == 1, "it is forgotten");
        node.Change(_ => Configs.Service(Configs.Backend(2), Configs.Backend(3)).Unchecked());
        node.WaitFor(() => node.Table().Any(slot => slot.Current == 3), "backend 3 is used");
        Assert.NotEqual(index, node.Index(3));
    }

    private static void Drain(Node node, int number) => node.Change(web => web with
    {
        Backends = web.Backends.SetItem($"b{number}", Configs.Backend(number, admin: BackendAdmin.Drain)),
    });
}
