using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>Backends that have a while to drain.</summary>
public sealed class DrainDeadlineTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromMinutes(10);

    [Fact]
    public void What_is_left_at_the_deadline_is_ended_and_nothing_else()
    {
        using Node node = Node.Start(Service(DrainThen.Reset, Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        var before = node.Table();
        int ofFirst = Array.IndexOf(before, (1, 0));
        Drain(node, 1);
        node.WaitFor(() => node.Table().All(slot => slot.Current != 1), "backend 1 takes no new flow");
        int moved = Array.FindIndex(node.Table(), slot => slot is (2, 1));
        node.AddFlow(1000, backend: 1, ofFirst);
        node.AddFlow(1001, backend: 2, moved);
        node.WaitFor(() => node.Backend(1).TrackedFlows == 1, "the flow is seen");
        BackendSnapshot draining = node.Backend(1);
        Assert.Equal((node.Clock.GetUtcNow(), node.Clock.GetUtcNow() + s_time), (draining.DrainSince, draining.DrainEnd));
        Assert.False(draining.DrainOver);

        node.Clock.Advance(s_time - TimeSpan.FromSeconds(1));
        node.WaitFor(() => node.Backend(1) is { DrainOver: false, TrackedFlows: 1 }, "it has its time");
        Assert.True(node.Datapath.ReadBackends()[node.Index(1)].Alive);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        node.WaitFor(() => node.Backend(1).DrainOver, "its time is over");
        node.WaitFor(() => !node.Datapath.ReadBackends()[node.Index(1)].Alive, "the kernel sends it nothing more");
        node.WaitFor(() => node.Table().All(slot => slot.Previous != 1), "no slot remembers it");
        node.WaitFor(() => node.Datapath.ReadFlows().All(flow => flow.Backend != node.Index(1)), "its entry is gone");
        Assert.True(node.Datapath.ReadBackends()[node.Index(2)].Alive);
        Assert.Equal((BackendState.Draining, 1L), (node.Backend(1).State, node.Web().DrainEnded));

        node.Run(new SiteChange.BackendAdminSet("web", "b1", BackendAdmin.Enabled));
        node.WaitFor(() => node.Table().Select(slot => slot.Current).SequenceEqual(before.Select(slot => slot.Current)), "it is used again");
        Assert.True(node.Backend(1) is { DrainOver: false, DrainEnd: null, State: BackendState.Up });
    }

    [Fact]
    public void With_keep_flows_go_on_after_the_deadline()
    {
        using Node node = Node.Start(Service(DrainThen.Keep, Configs.Backend(1), Configs.Backend(2)));
        int held = Array.IndexOf(node.Table(), (1, 0));
        Drain(node, 1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 takes no new flow");
        node.AddFlow(1000, backend: 1, held);
        node.Clock.Advance(s_time * 2);
        node.WaitFor(() => node.Backend(1).TrackedFlows == 1, "the flow is seen");
        Assert.Equal((2, 1), node.Table()[held]);
        Assert.True(node.Backend(1) is { DrainOver: false, DrainEnd: { } end } && end < node.Clock.GetUtcNow());

        node.Change(_ => Service(DrainThen.Reset, Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2)));
        node.WaitFor(() => node.Table().All(slot => slot.Previous != 1), "with reset it is over at once");
        node.WaitFor(() => node.Web().DrainEnded == 1, "what is ended is counted");
    }

    [Fact]
    public void Several_drain_at_once_each_with_its_own_time()
    {
        using Node node = Node.Start(Service(DrainThen.Reset, [.. Enumerable.Range(1, 4).Select(n => Configs.Backend(n))]));
        Drain(node, 1, TimeSpan.FromMinutes(1));
        Drain(node, 2, TimeSpan.Zero);
        Drain(node, 3);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 4), "one is left");
        node.Clock.Advance(TimeSpan.FromMinutes(2));
        node.WaitFor(() => Over(node) is [1], "the first has had its time");
        node.WaitFor(() => node.Table().Select(slot => slot.Previous).Distinct().Order().SequenceEqual([0, 2, 3]), "two are remembered");
        node.Clock.Advance(s_time);
        node.WaitFor(() => Over(node) is [1, 3], "the third too, the second has all the time");
    }

    [Fact]
    public void A_backend_that_left_the_config_has_the_same_time()
    {
        using Node node = Node.Start(Service(DrainThen.Reset, Configs.Backend(1), Configs.Backend(2)));
        int held = Array.IndexOf(node.Table(), (1, 0));
        Ask(node, new SiteChange.BackendRemoved("web", "b1"));
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 takes no new flow");
        node.AddFlow(1000, backend: 1, held);
        node.WaitFor(() => node.Backend(1).TrackedFlows == 1, "the flow is seen");
        node.Clock.Advance(s_time);
        node.WaitFor(() => node.Web().Backends.Length == 1, "it is forgotten");
        node.WaitFor(() => node.Datapath.ReadFlows().Count == 0, "with its flow");
    }

    [Fact]
    public void A_relay_ends_the_connections_of_a_backend_that_has_had_its_time()
    {
        ServiceConfig relayed = Service(DrainThen.Reset, Configs.Backend(1), Configs.Backend(2)) with
        {
            Mode = ForwardingMode.Tproxy,
            Tracking = Tracking.None,
        };
        using Node node = Node.Start(relayed);
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");
        Drain(node, 1);
        node.WaitFor(() => node.Relays.Relays[Configs.Vip].Used.SetEquals([Configs.Socket(2)]), "backend 1 takes no new connection");
        Assert.Empty(node.Relays.Relays[Configs.Vip].Table.Cut);
        node.WaitFor(() => node.Backend(1).DrainEnd == node.Clock.GetUtcNow() + s_time, "its deadline is shown");

        node.Clock.Advance(s_time);
        Ask(node, new SiteChange.BackendWeighted("web", "b2", 7));
        node.WaitFor(
            () => node.Relays.Relays[Configs.Vip].Table.Cut is { Count: 1 } cut && cut[Configs.Socket(1)] == RelayEnd.Drain,
            "its connections are ended");
    }

    [Fact]
    public void The_deadline_holds_on_through_a_restart()
    {
        using SiteDatabase database = new();
        ServiceConfig service = Service(DrainThen.Reset, Configs.Backend(1), Configs.Backend(2));
        DateTimeOffset began;
        using Node first = new(Configs.Site(service), database: database);
        first.WaitFor(() => first.Service(Configs.Vip)?.Slots > 0, "there is a table");
        Drain(first, 1);
        first.WaitFor(() => first.Table() is { Length: > 0 } table && table.All(slot => slot == (2, 1) || slot == (2, 0)), "it drains");
        began = first.Clock.GetUtcNow();
        first.Clock.Advance(s_time / 2);
        first.Dispose();

        using Node second = new(Configs.Site(service), first, database: database);
        second.WaitFor(() => second.Snapshot().Services is [{ Backends: [{ DrainSince: not null }, ..] }], "it drains again");
        Assert.Equal((began, began + s_time), (second.Backend(1).DrainSince!.Value, second.Backend(1).DrainEnd!.Value));
        second.Clock.Advance(s_time / 2);
        second.WaitFor(() => second.Backend(1).DrainOver, "its time is over");
        second.WaitFor(() => second.Table().All(slot => slot.Previous != 1), "no slot remembers it");
    }

    private static ServiceConfig Service(DrainThen then, params BackendConfig[] backends) => Configs.Service(backends) with
    {
        Pool = new PoolPolicy { DrainDeadline = s_time, DrainThen = then },
    };

    private static void Drain(Node node, int number, TimeSpan? deadline = null) =>
        Ask(node, new SiteChange.BackendAdminSet("web", $"b{number}", BackendAdmin.Drain) { Deadline = deadline });

    private static void Ask(Node node, SiteChange change) => Assert.IsType<ConfigApplied>(
        node.Ask(new ChangeSite([change], Configs.Operator with { When = node.Clock.GetUtcNow() })));

    private static int[] Over(Node node) =>
        [.. node.Web().Backends.Where(b => b.DrainOver).Select(b => (int)b.Address.GetAddressBytes()[3]).Order()];
}
