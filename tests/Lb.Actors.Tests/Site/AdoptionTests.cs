using Lb.Kernel;

namespace Lb.Actors.Tests;

public class AdoptionTests
{
    [Fact]
    public void A_restart_writes_nothing_and_keeps_the_digest()
    {
        using Node first = Node.Start(
            Configs.Service(Configs.Backend(1), Configs.Backend(2)),
            Configs.Service(Configs.Backend(3)).Named("mail", "192.0.2.11"));
        string digest = first.Web().Digest;
        int writes = first.Datapath.Writes.Count;
        first.Dispose();

        using Node second = new(first.Config, first);
        second.WaitFor(() => second.Web() is { Written: > 0 }, "the service is taken over");
        Assert.Equal(digest, second.Web().Digest);
        Assert.All(second.Web().Backends, backend => Assert.Equal(BackendState.Up, backend.State));
        Assert.Equal(writes, second.Datapath.Writes.Count);
    }

    [Fact]
    public void A_service_without_backends_is_taken_over_as_written()
    {
        using Node first = Node.Start(Configs.Service());
        first.WaitFor(() => first.Service(Configs.Vip) is not null, "the service is in the kernel");
        first.Dispose();

        using Node second = new(first.Config, first);
        second.WaitFor(() => second.Web() is { Written: > 0 } web && web.Written == web.Revision, "it is taken over");
    }

    [Fact]
    public void Moved_slots_stay_moved_and_wait_anew()
    {
        using Node first = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        first.Change(_ => Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        first.WaitFor(() => first.Table().Any(slot => slot.Current == 3), "backend 3 is used");
        var moved = first.Table();
        Assert.Contains(moved, slot => slot.Previous != 0);
        first.Clock.Advance(TimeSpan.FromMinutes(14));
        first.Dispose();

        using Node second = new(first.Config, first);
        second.WaitFor(() => second.Web() is { Written: > 0 }, "the service is taken over");
        second.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(moved, second.Table());
        second.Clock.Advance(TimeSpan.FromMinutes(1));
        second.WaitFor(() => second.Web().MovedSlots == 0, "the slots are clean");
        Assert.Equal(moved.Select(slot => slot.Current), second.Table().Select(slot => slot.Current));
    }

    [Fact]
    public void A_backend_that_died_while_nobody_looked_is_found_down()
    {
        using Node first = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        first.Dispose();
        first.Prober.Down(1);
        using Node second = new(first.Config, first);
        second.WaitFor(() => second.Table().All(slot => slot.Current == 2), "backend 1 has no slot");
    }

    [Fact]
    public void A_config_that_changed_meanwhile_is_carried_out_without_breaking_flows()
    {
        using Node first = Node.Start(
            Configs.Service(Configs.Backend(1), Configs.Backend(2)),
            Configs.Service(Configs.Backend(9)).Named("mail", "192.0.2.11"));
        first.Dispose();
        SiteConfig changed = Configs.Site(Configs.Service(Configs.Backend(2)));
        using Node second = new(changed, first);
        second.WaitFor(() => second.Table().All(slot => slot.Current == 2), "backend 1 takes no new flow");
        Assert.Contains(second.Table(), slot => slot == (2, 1));
        Assert.Single(second.Datapath.ReadServices());
        Assert.DoesNotContain(Configs.Socket(9), second.Datapath.ReadNat().Keys);
    }

    [Fact]
    public void Flows_of_services_that_are_gone_are_forgotten_at_the_start()
    {
        using Node first = Node.Start(Configs.Service(Configs.Backend(1)));
        FlowRecord lost = new(
            new Flow(Configs.Address(99), 1, Configs.Address(98), 1, TransportProtocol.Tcp), 77, 33, 0, default, false);
        first.Datapath.AddFlow(lost);
        first.Dispose();
        using Node second = new(first.Config, first);
        second.WaitFor(() => second.Datapath.ReadFlows().Count == 0, "the flow is forgotten");
    }

    [Fact]
    public void A_table_that_names_unknown_backends_is_repaired()
    {
        using Node first = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        var before = first.Table();
        first.Dispose();
        first.Datapath.Corrupt(first.Service(Configs.Vip)!.Table, slot: 5, new Slot(900, 901));
        using Node second = new(first.Config, first);
        second.WaitFor(() => second.Table().SequenceEqual(before), "the slot is as before");
    }
}
