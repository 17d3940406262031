using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>When an event goes to the flow log, and what it says; forwarding is what it is without.</summary>
public class FlowLogTests(Testbed bed) : DatapathTest(bed)
{
    private readonly Testbed _bed = bed;

    private static uint Idle => (uint)Lb.Kernel.Layout.Limit.LogIdle;

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Tcp_flow_is_logged_when_it_begins_and_when_its_client_ends_it(Delivery way)
    {
        Scene scene = Logged(Tcp(way));
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());

        FlowEvent begun = Assert.Single(Read());
        Assert.Equal((FlowEventKind.Begin, scene.Flow, Scene.ServiceId, 1u, 0u), Described(begun));
        Assert.Equal((_bed.Hook, false, false), (begun.Hook, begun.Tracked, begun.Moved));
        Assert.InRange(begun.Time, before.AddMilliseconds(-50), TimeProvider.System.GetUtcNow().AddMilliseconds(50));

        scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
        Assert.Empty(Read());
        scene.Send(Flagged(scene, TcpFlags.Fin | TcpFlags.Ack), e => e.Forwarded(to: 1));
        Assert.Equal((FlowEventKind.End, scene.Flow, Scene.ServiceId, 1u, 0u), Described(Assert.Single(Read())));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Reset_is_an_end_of_its_own_kind(Delivery way)
    {
        Scene scene = Logged(Tcp(way));
        scene.Send(Flagged(scene, TcpFlags.Rst), e => e.Forwarded(to: 1));
        Assert.Equal(FlowEventKind.Reset, Assert.Single(Read()).Kind);
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Repeated_syns_and_ends_are_logged_once(Delivery way)
    {
        Scene scene = Logged(Tcp(way));
        for (int i = 0; i < 3; i++)
        {
            scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());
        }

        scene.Send(Flagged(scene, TcpFlags.Fin | TcpFlags.Ack), e => e.Forwarded(to: 1))
            .Send(Flagged(scene, TcpFlags.Fin | TcpFlags.Ack), e => e.Forwarded(to: 1))
            .Send(Flagged(scene, TcpFlags.Rst), e => e.Forwarded(to: 1))
            .Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());

        Assert.Equal([FlowEventKind.Begin, FlowEventKind.End, FlowEventKind.Begin], Read().Select(e => e.Kind));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void End_of_a_flow_is_logged_however_long_ago_it_began(Delivery way)
    {
        Scene scene = Logged(Tcp(way));
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());
        Age(1000);
        scene.Send(Flagged(scene, TcpFlags.Fin | TcpFlags.Ack), e => e.Forwarded(to: 1));
        Assert.Equal([FlowEventKind.Begin, FlowEventKind.End], Read().Select(e => e.Kind));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Udp_flow_is_logged_once_until_it_was_silent(Delivery way)
    {
        Scene scene = Logged(Udp(way));
        Send(5);
        Assert.Equal((FlowEventKind.Begin, scene.Flow, Scene.ServiceId, 1u, 0u), Described(Assert.Single(Read())));

        Age(Idle - 1);
        Send(2);
        Assert.Empty(Read()); // its packets, not its beginning, keep it known
        Age(Idle - 1);
        Send(2);
        Assert.Empty(Read());

        Age(Idle + 2);
        Send(2);
        Assert.Equal(FlowEventKind.Begin, Assert.Single(Read()).Kind);

        void Send(int packets)
        {
            for (int i = 0; i < packets; i++)
            {
                scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
            }
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Flow_that_gets_another_backend_begins_there(Delivery way)
    {
        Scene scene = Logged(Udp(way));
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
        scene.Slot(2).Send(scene.Packet(), e => e.Forwarded(to: 2)).Send(scene.Packet(), e => e.Forwarded(to: 2));
        Assert.Equal([1u, 2u], Read().Select(e => e.Backend));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Flow_on_a_moved_slot_says_so_and_that_it_is_tracked(Delivery way)
    {
        Scene scene = Logged(Tcp(way)).Slot(current: 2, previous: 1);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2));
        FlowEvent begun = Assert.Single(Read());
        Assert.Equal((2u, true, true), (begun.Backend, begun.Tracked, begun.Moved));

        scene.Send(Flagged(scene, TcpFlags.Fin | TcpFlags.Ack), e => e.Forwarded(to: 2).Promoted());
        FlowEvent ended = Assert.Single(Read());
        Assert.Equal((2u, true, true), (ended.Backend, ended.Tracked, ended.Moved));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Flow_that_could_not_be_remembered_is_not_called_tracked(Delivery way)
    {
        Scene scene = Logged(Tcp(way)).Slot(current: 2, previous: 1).BudgetSpent();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow().Untracked());
        FlowEvent begun = Assert.Single(Read());
        Assert.Equal((1u, false, true), (begun.Backend, begun.Tracked, begun.Moved));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Fully_tracked_flow_on_a_clean_slot_is_tracked_and_not_moved(Delivery way)
    {
        Scene scene = Logged(Tcp(way, Tracking.Full));
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow().TrackedAsPending(1));
        FlowEvent begun = Assert.Single(Read());
        Assert.Equal((true, false), (begun.Tracked, begun.Moved));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Service_that_does_not_log_leaves_no_event(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Logged(Of(way, protocol), FlowLogging.Off);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1));
        if (protocol == TransportProtocol.Sctp)
        {
            scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow());
        }

        if (protocol == TransportProtocol.Tcp)
        {
            scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow())
                .Send(Flagged(scene, TcpFlags.Fin | TcpFlags.Ack), e => e.Forwarded(to: 1));
        }

        Assert.Empty(Read());
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Packet_that_is_dropped_leaves_no_event(Delivery way)
    {
        Scene scene = Logged(Tcp(way)).Slot(0);
        scene.Send(scene.Syn(), e => e.DroppedOfService(Verdict.DropNoBackend));
        Assert.Empty(Read());
    }

    private static Packet Flagged(Scene scene, TcpFlags flags) =>
        scene.Packet().TcpHeader(tcp => tcp with { Flags = flags });

    private static (FlowEventKind Kind, Flow Flow, uint Service, uint Backend, uint Slot) Described(FlowEvent e) =>
        (e.Kind, e.Flow, e.Service, e.Backend, e.Slot);

    private Scene Logged(Scene scene, FlowLogging logging = FlowLogging.Full)
    {
        _bed.Run(_bed.Kernel.Log.Forget);
        return scene.With(service => service with { Logging = logging });
    }

    private List<FlowEvent> Read()
    {
        List<FlowEvent> events = [];
        _bed.Run(() => events = _bed.Kernel.Log.Read());
        return events;
    }

    private void Age(uint ticks) => _bed.Run(() => _bed.Kernel.Log.Age(ticks));
}
