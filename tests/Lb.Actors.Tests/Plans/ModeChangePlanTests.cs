using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>What a plan says of flows when the forwarding mode changes.</summary>
public sealed class ModeChangePlanTests
{
    [Theory]
    [InlineData(ForwardingMode.Nat, ForwardingMode.FullNat, TransportProtocol.Tcp, 0)]
    [InlineData(ForwardingMode.DsrL2, ForwardingMode.FullNat, TransportProtocol.Tcp, 0)]
    [InlineData(ForwardingMode.FullNat, ForwardingMode.Nat, TransportProtocol.Tcp, 0)]
    [InlineData(ForwardingMode.FullNat, ForwardingMode.Tproxy, TransportProtocol.Tcp, 0)]
    [InlineData(ForwardingMode.Nat, ForwardingMode.FullNat, TransportProtocol.Udp, 1)]
    [InlineData(ForwardingMode.FullNat, ForwardingMode.Nat, TransportProtocol.Udp, 0)]
    [InlineData(ForwardingMode.Nat, ForwardingMode.DsrIpip, TransportProtocol.Tcp, 1)]
    [InlineData(ForwardingMode.Tproxy, ForwardingMode.FullNat, TransportProtocol.Udp, 1)]
    public void Flows_are_lost_only_where_nothing_tells_them_apart(
        ForwardingMode from, ForwardingMode to, TransportProtocol protocol, double lost)
    {
        ServiceConfig config = Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked() with
        {
            Vip = Configs.Vip with { Protocol = protocol },
            Mode = from,
            Tracking = from == ForwardingMode.FullNat ? Tracking.Full : Tracking.Minimal,
        };
        ServiceState state = ServiceState.Start(config);
        state = state.Apply(state.Decide(new ServiceCommand.Configure(config)));
        var generation = Generation.Next(null, state, now: 0, ModeCourse.Start(from));

        Flow flow = new(IPAddress.Parse("198.51.100.7"), 40_000, config.Vip.Address, config.Vip.Port, protocol);
        uint slot = FlowHash.Slot(flow, config.Seed, (uint)generation.Table.Slots.Length);
        FlowRecord live = new(
            flow, generation.Table.Slots[(int)slot].Current, 0, slot, TimeSpan.FromSeconds(1), Pending: false);

        var plan = ServicePlan.Of(
            state, generation, config with { Mode = to }, [live], new FlowsConfig(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)), now: 1);

        Assert.Equal(lost, plan.Flows.Lost);
        Assert.Equal(0, plan.Moved);
    }
}
