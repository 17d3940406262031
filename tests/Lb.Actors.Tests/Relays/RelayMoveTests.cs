using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>A service that gets a relay, and one that loses it: what the kernel holds at each step.</summary>
public class RelayMoveTests
{
    private static readonly ServiceConfig Nat = Configs.Service(Configs.Backend(1));

    private static readonly ServiceConfig Relayed = Nat with { Mode = ForwardingMode.Tproxy, Tracking = Tracking.None };

    [Fact]
    public void New_flows_go_to_a_relay_only_once_it_listens_and_is_reached()
    {
        using Node node = Node.Start(Nat);
        int writes = node.Datapath.Writes.Count;
        node.Relays.Fault = "The port is taken.";
        node.Apply(Configs.Site(Relayed));
        node.WaitFor(() => node.Web().Relay?.Problem is not null, "the relay cannot listen");
        Assert.Equal(ForwardingMode.Nat, node.Service(Configs.Vip)!.Mode);
        Assert.Empty(node.Datapath.Writes.Skip(writes));

        node.Relays.Fault = null;
        node.WaitFor(() => node.Service(Configs.Vip)!.Mode == ForwardingMode.Tproxy, "the service has moved");

        ServiceEntry entry = node.Service(Configs.Vip)!;
        Assert.Equal((RelayFlags.OlderNat, Tracking.Full), (entry.Relay, entry.Tracking));
        Assert.Equal(NatFlags.Sockets, node.Datapath.ReadNat()[Configs.Socket(1)].Flags);
        Assert.True(node.Relays.Relays[Configs.Vip].Table.KeepsPort, "it may take a port that a nat flow has");
        List<string> wrote = [.. node.Datapath.Writes.Skip(writes)];
        Assert.InRange(wrote.IndexOf("WriteIntercepted"), 0, wrote.IndexOf("WriteService"));
        Assert.InRange(wrote.IndexOf("WriteNat"), 0, wrote.IndexOf("WriteService"));
        node.WaitFor(() => node.Web().Older == ForwardingMode.Nat, "it is said what older flows have");
    }

    [Fact]
    public void A_relay_that_gets_no_new_flows_goes_on_until_it_has_drained()
    {
        using Node node = Node.Start(Relayed);
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");

        node.Apply(Configs.Site(Nat));

        node.WaitFor(() => node.Service(Configs.Vip)!.Mode == ForwardingMode.Nat, "the service has moved");
        Assert.Equal(RelayFlags.Older, node.Service(Configs.Vip)!.Relay);
        Assert.Equal(NatFlags.Sockets, node.Datapath.ReadNat()[Configs.Socket(1)].Flags);
        Assert.Single(node.Datapath.ReadIntercepted());
        Assert.True(node.Relays.Relays.ContainsKey(Configs.Vip), "the relay was closed with the move");
        node.WaitFor(() => node.Relays.Relays.Count == 0, "the relay is closed");
        node.WaitFor(() => node.Service(Configs.Vip)!.Relay == RelayFlags.None, "no look-up is made any more");
        node.WaitFor(() => node.Datapath.ReadIntercepted().Count == 0, "nothing is intercepted");
    }

    [Fact]
    public void A_relay_comes_back_into_use_while_it_drains()
    {
        using Node node = Node.Start(Relayed);
        node.WaitFor(() => node.Relays.Relays.ContainsKey(Configs.Vip), "the relay is open");
        FakeRelay relay = node.Relays.Relays[Configs.Vip];
        node.Apply(Configs.Site(Nat));
        node.WaitFor(() => node.Service(Configs.Vip)!.Mode == ForwardingMode.Nat, "the service has moved");

        node.Apply(Configs.Site(Relayed));

        node.WaitFor(() => node.Service(Configs.Vip)!.Mode == ForwardingMode.Tproxy, "the service has moved back");
        Assert.Same(relay, node.Relays.Relays[Configs.Vip]);
        Assert.Equal(RelayFlags.OlderNat, node.Service(Configs.Vip)!.Relay);
    }

    [Fact]
    public void A_service_whose_packets_cannot_be_intercepted_stays_as_it_is()
    {
        using Node node = Node.Start(Nat);
        node.Datapath.Fail(call => call == nameof(IDatapath.WriteIntercepted) ? new KernelException(call, 12, "ENOMEM") : null);

        node.Apply(Configs.Site(Relayed));

        node.WaitFor(() => node.Web().Problem is not null, "it is said that the kernel refuses it");
        Assert.Equal(ForwardingMode.Nat, node.Service(Configs.Vip)!.Mode);
        node.Datapath.Fail(null);
        node.WaitFor(() => node.Service(Configs.Vip)!.Mode == ForwardingMode.Tproxy, "the service has moved");
        node.WaitFor(() => node.Web().Problem is null, "nothing is refused any more");
    }
}
