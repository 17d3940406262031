using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Packets of a service that a relay carries: they go to the host as they are, and are counted.</summary>
public class RelayedTests(Testbed bed) : DatapathTest(bed)
{
    [RootTheory]
    [InlineData(Delivery.Nat4)]
    [InlineData(Delivery.Nat6)]
    public void Packets_go_to_the_host_and_are_counted(Delivery way) => Relayed(way)
        .Send(Scene(way).Syn(), e => e.Relayed(opens: true))
        .Send(Scene(way).Packet().Payload(100), e => e.Relayed());

    [RootTheory]
    [InlineData(Delivery.Nat4)]
    [InlineData(Delivery.Nat6)]
    public void Moved_slot_makes_no_flow_entry(Delivery way) => Relayed(way)
        .Slot(2, previous: 1)
        .Send(Scene(way).Syn(), e => e.Relayed(opens: true))
        .Send(Scene(way).Packet().Payload(100), e => e.Relayed());

    [RootTheory]
    [InlineData(Delivery.Nat4)]
    [InlineData(Delivery.Nat6)]
    public void Service_without_a_table_still_goes_to_its_relay(Delivery way) => Relayed(way)
        .With(service => service with { Slots = 0 })
        .Send(Scene(way).Syn(), e => e.Relayed(opens: true));

    [RootTheory]
    [InlineData(Delivery.Nat4)]
    [InlineData(Delivery.Nat6)]
    public void Error_about_a_packet_of_the_relay_goes_to_the_host(Delivery way)
    {
        Packet error = IcmpErrorTests.Error(Scene(way));
        Relayed(way).Send(error, e => e.Passed(Verdict.IcmpError).Relayed());
    }

    private Scene Scene(Delivery way) => Tcp(way);

    private Scene Relayed(Delivery way) => Tcp(way).With(service => service with { Mode = ForwardingMode.Tproxy });
}
