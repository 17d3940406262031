using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>Relays follow the site: its services, their settings and their tables.</summary>
public class RelayActorTests
{
    private static ServiceConfig Relayed(params BackendConfig[] backends) => Configs.Service(backends) with
    {
        Mode = ForwardingMode.Tproxy,
        Tracking = Tracking.None,
    };

    [Fact]
    public void A_relay_goes_by_the_table_of_its_service_and_the_host_hands_it_the_packets()
    {
        using Node node = Node.Start(Relayed(Configs.Backend(1), Configs.Backend(2)));
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");

        FakeRelay relay = node.Relays.Relays[Configs.Vip];
        node.WaitFor(() => relay.Used.SetEquals([Configs.Socket(1), Configs.Socket(2)]), "both backends are used");
        Assert.Equal(node.Table().Length, relay.Table.Slots.Length);
        Assert.Equal(7u, relay.Table.Seed);
        Assert.Equal([Configs.Vip], node.Datapath.ReadIntercepted());
        Assert.Equal(2, node.Backend(2).Relay!.Value.Connections);
        Assert.Null(node.Web().Relay!.Problem);
    }

    [Fact]
    public void A_drain_leaves_a_backend_to_its_connections_and_a_disabled_one_loses_them()
    {
        using Node node = Node.Start(Relayed(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)));
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");
        FakeRelay relay = node.Relays.Relays[Configs.Vip];

        node.Apply(Configs.Site(Relayed(
            Configs.Backend(1, admin: BackendAdmin.Drain),
            Configs.Backend(2, admin: BackendAdmin.Disabled),
            Configs.Backend(3))));

        node.WaitFor(() => relay.Used.SetEquals([Configs.Socket(3)]), "backend 3 alone is used");
        node.WaitFor(() => relay.Table.Cut.Keys.ToHashSet().SetEquals([Configs.Socket(2)]), "backend 2 is cut off");
        Assert.All(node.Table(), slot => Assert.Equal(0, slot.Previous));
    }

    [Fact]
    public void Settings_reach_a_relay_that_runs()
    {
        using Node node = Node.Start(Relayed(Configs.Backend(1)));
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");
        FakeRelay relay = node.Relays.Relays[Configs.Vip];
        RelaySettings changed = RelaySettings.Default with { Connections = 3 };

        node.Apply(Configs.Site(Relayed(Configs.Backend(1)) with { Relay = changed }));

        node.WaitFor(() => relay.Settings == changed, "the relay has the settings");
    }

    [Fact]
    public void Names_of_backends_reach_a_relay_that_runs()
    {
        using Node node = Node.Start(Relayed(Configs.Backend(1), Configs.Backend(2)));
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");
        FakeRelay relay = node.Relays.Relays[Configs.Vip];
        TlsMatch tls = new(["shop.example"], ["h2"]);

        node.Apply(Configs.Site(Relayed(Configs.Backend(1) with { Tls = tls }, Configs.Backend(2))));

        node.WaitFor(
            () => relay.Table.Tls.Count == 1 && relay.Table.Tls.GetValueOrDefault(Configs.Socket(1)) == tls,
            "the relay knows the names of backend 1");
    }

    [Fact]
    public void A_service_of_another_mode_has_no_relay_and_its_packets_stay()
    {
        using Node node = Node.Start(Relayed(Configs.Backend(1)));
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");

        node.Apply(Configs.Site(Configs.Service(Configs.Backend(1))));

        node.WaitFor(() => node.Relays.Relays.Count == 0, "the relay is closed");
        node.WaitFor(() => node.Datapath.ReadIntercepted().Count == 0, "nothing is intercepted");
        node.WaitFor(() => node.Web().Relay is null, "the service shows no relay");
    }

    [Fact]
    public void A_relay_that_cannot_listen_says_why_and_is_tried_again()
    {
        using Node node = new(Configs.Site(Relayed(Configs.Backend(1))));
        node.Relays.Fault = "The port is taken.";
        node.WaitFor(
            () => node.Snapshot().Services is [{ Relay.Problem: "The port is taken. Mend it." }]
                || node.Relays.Relays.Count > 0,
            "the relay says why");

        node.Relays.Fault = null;

        node.WaitFor(() => node.Relays.Relays.Count == 1, "the relay listens");
        node.WaitFor(() => node.Web().Relay!.Problem is null, "the problem is gone");
    }

    [Fact]
    public void A_drain_of_a_relayed_backend_is_foretold_to_lose_no_flow_and_a_switched_off_one_its_own()
    {
        using Node node = Node.Start(Relayed(Configs.Backend(1), Configs.Backend(2)));
        int ones = node.Table().Count(slot => slot.Current == 1);

        ServicePlan drain = Plan(node, Relayed(Configs.Backend(1, admin: BackendAdmin.Drain), Configs.Backend(2)));
        ServicePlan off = Plan(node, Relayed(Configs.Backend(1, admin: BackendAdmin.Disabled), Configs.Backend(2)));

        Assert.Equal((ones, 0), (drain.Moved, drain.Flows.Lost));
        Assert.Equal(ones / 251.0, off.Flows.Lost, 6);
    }

    private static ServicePlan Plan(Node node, ServiceConfig service) =>
        Assert.Single(Assert.IsType<SitePlan>(node.Ask(new PlanSite(Configs.Site(service)))).Services);
}
