using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors.Tests;

public class ReloadTests
{
    [Fact]
    public void A_service_that_is_added_or_removed_leaves_the_others_alone()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        long revision = node.Web().Revision;
        ServiceConfig mail = Configs.Service(Configs.Backend(3)).Named("mail", "192.0.2.11");
        ConfigApplied added = Assert.IsType<ConfigApplied>(node.Apply(Configs.Site(node.Config.Services["web"], mail)));
        Assert.Equal(["mail"], added.Added.AsEnumerable());
        Assert.Empty(added.Changed);
        node.WaitFor(() => node.Service(mail.Vip) is { Slots: 251 }, "the new service forwards");

        ConfigApplied removed = Assert.IsType<ConfigApplied>(node.Apply(Configs.Site(node.Config.Services["web"])));
        Assert.Equal(["mail"], removed.Removed.AsEnumerable());
        node.WaitFor(() => node.Service(mail.Vip) is null, "the service is gone");
        node.WaitFor(() => node.Datapath.ReadNat().Count == 2, "its reply side is gone");
        node.Clock.Advance(TimeSpan.FromSeconds(2));
        node.WaitFor(() => node.Datapath.ReadBackends().Count == 2, "its backend is gone");
        Assert.Equal(revision, node.Web().Revision);
    }

    [Fact]
    public void The_same_config_again_changes_nothing()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        int writes = node.Datapath.Writes.Count;
        ConfigApplied applied = Assert.IsType<ConfigApplied>(node.Apply(Configs.Site(Configs.Service(Configs.Backend(1)))));
        Assert.True(applied.Added.IsEmpty && applied.Changed.IsEmpty && applied.Removed.IsEmpty, "something changed");
        Assert.Single(node.Web().Backends);
        Assert.Equal(writes, node.Datapath.Writes.Count);
    }

    [Fact]
    public void A_service_that_is_renamed_keeps_its_table()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        var before = node.Table();
        int writes = node.Datapath.Writes.Count;
        ServiceConfig renamed = Configs.Service(Configs.Backend(1), Configs.Backend(2)) with { Name = "www" };
        node.Apply(Configs.Site(renamed));
        node.WaitFor(
            () => node.Snapshot().Services is [{ Name: "www", Written: > 0 }], "the service has its new name");
        Assert.Equal(before, node.Table());
        Assert.Equal(writes, node.Datapath.Writes.Count);
    }

    [Fact]
    public void A_service_that_gets_another_vip_leaves_the_old_one()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        ServiceConfig moved = Configs.Service(Configs.Backend(1)).Named("web", "192.0.2.77");
        node.Apply(Configs.Site(moved));
        node.WaitFor(() => node.Service(moved.Vip) is { Slots: 251 }, "the new VIP forwards");
        Assert.Null(node.Service(Configs.Vip));
        Assert.Equal(moved.Vip.Address, node.Datapath.ReadNat()[Configs.Socket(1)].Vip);
    }

    [Fact]
    public void A_backend_may_go_from_one_nat_service_to_another_in_one_reload()
    {
        ServiceConfig mail = Configs.Service(Configs.Backend(3)).Named("mail", "192.0.2.11");
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)), mail);
        node.Apply(Configs.Site(
            Configs.Service(Configs.Backend(1)),
            Configs.Service(Configs.Backend(2), Configs.Backend(3)).Named("mail", "192.0.2.11")));
        node.WaitFor(
            () => node.Datapath.ReadNat()[Configs.Socket(2)].Vip.Equals(mail.Vip.Address), "its replies are mail's");
        node.WaitFor(() => node.Table().All(slot => slot.Current == 1), "web has left it");
    }

    [Fact]
    public void A_weight_change_moves_slots_with_their_flows()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        node.Change(_ => Configs.Service(Configs.Backend(1, weight: 300), Configs.Backend(2)));
        node.WaitFor(() => node.Table().Count(slot => slot.Current == 1) is > 185 and < 192, "three quarters are its");
        Assert.All(node.Table(), slot => Assert.True(slot.Previous is 0 or 2, "a slot moved away from backend 1"));
        Assert.Contains((1, 2), node.Table());
    }

    [Fact]
    public void A_config_that_cannot_be_carried_out_is_refused_with_every_reason()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        ServiceConfig twin = Configs.Service(Configs.Backend(1), Configs.Backend(1) with { Name = "again" });
        ConfigRefused refused = Assert.IsType<ConfigRefused>(node.Apply(
            Configs.Site(node.Config.Services["web"], twin with { Name = "twin" }) with { Name = "other" }));
        Assert.Collection(
            refused.Reasons,
            reason => Assert.Contains("cannot become other", reason),
            reason => Assert.Contains("is the VIP of twin and web", reason),
            reason => Assert.Contains("backends again and b1 are both", reason),
            reason => Assert.Contains("is a nat backend of twin and web", reason));
        Assert.Equal(["web"], node.Snapshot().Services.Select(service => service.Name));
    }

    [Fact]
    public void Ranges_of_nat_whose_replies_could_not_be_told_apart_are_refused_with_both_and_the_mend()
    {
        Endpoint ports = Configs.Vip with { Port = 5000, LastPort = 5999 };
        ServiceConfig range = Configs.Service(Configs.Backend(1) with { Port = 0 }).Unchecked() with { Name = "range", Vip = ports };
        ServiceConfig inside = range with { Name = "inside", Vip = ports with { Port = 5500, LastPort = 5599 } };
        ServiceConfig single = Configs.Service(Configs.Backend(1) with { Port = 5600 }).Unchecked().Named("single", "192.0.2.11");
        using Node node = Node.Start();
        ConfigRefused refused = Assert.IsType<ConfigRefused>(node.Apply(Configs.Site(range, inside, single)));
        string reason = Assert.Single(refused.Reasons);
        Assert.Contains("tcp 10.0.2.1:5000-5999 of nat service range", reason);
        Assert.Contains("nat service single (tcp 192.0.2.11:80)", reason);
        Assert.Contains("use full-nat", reason);

        Assert.IsType<ConfigApplied>(node.Apply(Configs.Site(range, inside)));
        node.WaitFor(() => node.Datapath.ReadNatRanges().Count == 2, "replies of both are found");
        ServiceConfig own = range with { Backends = Configs.Service(Configs.Backend(1)).Backends };
        Assert.Contains(
            "a reply would not say which was asked for", Assert.Single(Assert.IsType<ConfigRefused>(node.Apply(Configs.Site(own))).Reasons));
        ServiceConfig prefix = Configs.Service(Configs.Backend(1)) with { Vip = Configs.Vip with { OpenBits = 4 } };
        Assert.Contains(
            "nat cannot have tcp 192.0.2.0/28:80", Assert.IsType<ConfigRefused>(node.Apply(Configs.Site(prefix))).Reasons.First());
    }

    [Fact]
    public void A_service_of_sctp_whose_packets_would_be_changed_is_refused()
    {
        using Node node = Node.Start();
        ServiceConfig nat = Configs.Service() with { Vip = Configs.Vip with { Protocol = TransportProtocol.Sctp } };
        ConfigRefused refused = Assert.IsType<ConfigRefused>(node.Apply(Configs.Site(nat)));
        Assert.Contains("nat cannot have sctp 192.0.2.10:80", Assert.Single(refused.Reasons));
        Assert.IsType<ConfigApplied>(node.Apply(Configs.Site(nat with { Mode = ForwardingMode.DsrIpip })));
    }

    [Fact]
    public void More_services_than_the_kernel_has_room_for_are_refused()
    {
        using Node node = Node.Start();
        ServiceConfig[] services =
            [.. Enumerable.Range(1, 65).Select(i => Configs.Service().Named($"s{i}", $"192.0.2.{i}"))];
        ConfigRefused refused = Assert.IsType<ConfigRefused>(node.Apply(Configs.Site(services)));
        Assert.Contains("kernel.max-services", refused.Reasons.Single());
    }

    [Fact]
    public void From_full_to_minimal_tracking_pinned_flows_are_still_looked_up()
    {
        ServiceConfig full = Configs.Service(Configs.Backend(1), Configs.Backend(2)) with { Tracking = Tracking.Full };
        using Node node = Node.Start(full);
        int slot = Array.IndexOf(node.Table(), (2, 0));
        node.AddFlow(1000, backend: 1, slot);
        node.Change(_ => full with { Tracking = Tracking.Minimal });
        node.WaitFor(() => node.Web().MovedSlots == 1, "only the pinned flow's slot is looked up");
        Assert.Equal((2, 2), node.Table()[slot]);
        node.AddFlow(1000, backend: 1, slot, idle: TimeSpan.FromMinutes(15));
        node.WaitFor(() => node.Web().MovedSlots == 0, "every slot is clean");
    }

    [Fact]
    public void A_pool_that_outgrows_its_table_gets_a_larger_one()
    {
        ServiceConfig small = Configs.Service([.. Pool(3)]) with { Slots = 0 };
        using Node node = Node.Start(small.Unchecked());
        Assert.Equal(4_093, node.Web().Slots);
        node.Change(_ => (Configs.Service([.. Pool(9)]) with { Slots = 0 }).Unchecked());
        node.WaitFor(() => node.Web().Slots == 16_381, "the table has grown");
        node.WaitFor(() => node.Table().Length == 16_381, "the kernel has it");
        Assert.Contains(node.Table(), slot => slot.Previous != 0);

        static ImmutableArray<BackendConfig> Pool(int size) =>
            [.. Enumerable.Range(1, size).Select(number => Configs.Backend(number))];
    }
}
