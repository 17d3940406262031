using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Clients of flows whose backend is dead are told by a RST, where the service says so.</summary>
public class ResetTests(Testbed bed) : DatapathTest(bed)
{
    private const TcpFlags Answered = TcpFlags.Rst | TcpFlags.Ack;

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Segment_of_a_slot_whose_previous_backend_is_dead_is_answered(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Dead(1);
        scene.Send(scene.Packet(), e => e.Reset(TcpFlags.Rst, sequence: 0x4000_0001, acknowledgement: 0));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Without_the_setting_it_goes_to_another_backend(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Dead(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Segment_whose_entry_names_a_dead_backend_is_answered_and_the_entry_stays(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Tracked(3).Dead(3);
        scene.Send(scene.Packet(), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0))
            .Send(scene.Packet(), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Segment_of_a_flow_of_which_a_dead_backend_had_the_syn_is_answered(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Pending(3).Dead(3);
        scene.Send(scene.Packet(), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_opens_a_flow_at_the_current_backend_which_goes_on_there(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Dead(1);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted())
            .Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_of_the_same_ports_takes_the_place_of_a_dead_flow(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Tracked(3).Dead(3);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(scene.Packet(), e => e.Forwarded(to: 2).Promoted());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_that_cannot_be_remembered_is_dropped_for_it_would_look_dead_later(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Dead(1).BudgetSpent();
        scene.Send(scene.Syn(), e => e.DroppedOfService(Verdict.DropNoBackend).Untracked());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Flows_of_living_backends_on_the_slot_go_on(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Tracked(3).Dead(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 3));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Backend_that_is_back_has_its_flows_again(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Once_the_time_is_over_unknown_flows_count_as_new(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1, windowOver: true).Dead(1);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Clean_slot_has_nothing_to_do_with_it(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2).Dead(2);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Without_any_backend_connections_are_refused(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 0);
        scene.Send(scene.Syn(), e => e.Reset(Answered, 0, 0x2000_0002))
            .Send(scene.Packet(), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0))
            .With(service => service with { Slots = 0 })
            .Send(scene.Syn(), e => e.Reset(Answered, 0, 0x2000_0002));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void What_has_no_ACK_is_answered_by_what_it_has_sent(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 0);
        Packet data = scene.Packet().TcpHeader(tcp => tcp with { Flags = TcpFlags.Psh });
        Packet last = scene.Packet().TcpHeader(tcp => tcp with { Flags = TcpFlags.Fin });
        Packet opening = scene.Syn().Payload(5);
        Packet wraps = data.TcpHeader(tcp => tcp with { Sequence = uint.MaxValue });
        scene.Send(data, e => e.Reset(Answered, 0, 0x2000_0001 + 11))
            .Send(last, e => e.Reset(Answered, 0, 0x2000_0001 + 12))
            .Send(opening, e => e.Reset(Answered, 0, 0x2000_0001 + 6))
            .Send(wraps, e => e.Reset(Answered, 0, 10));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Nothing_of_the_segment_but_its_numbers_is_in_the_answer(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 0);
        Packet odd = scene.Packet().Tos(0xb8).Ttl(1).Payload(1400).Pad(9)
            .TcpHeader(tcp => tcp with { Options = [2, 4, 5, 0xb4, 1, 1, 1, 1], Flags = TcpFlags.Ack | TcpFlags.Psh });
        scene.Send(odd, e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0))
            .Send(scene.Packet().Payload(0), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Reset_is_not_answered(Delivery way)
    {
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Dead(1);
        foreach (TcpFlags flags in (TcpFlags[])[TcpFlags.Rst, Answered, TcpFlags.Rst | TcpFlags.Syn])
        {
            bool opens = flags.HasFlag(TcpFlags.Syn);
            Packet reset = scene.Packet().TcpHeader(tcp => tcp with { Flags = flags });
            if (!opens)
            {
                scene.Send(reset, e => e.DroppedOfService(Verdict.DropDeadFlow));
            }

            scene.Slot(current: 0).Send(reset, e => e.DroppedOfService(Verdict.DropDeadFlow)).Slot(current: 2, previous: 1);
        }
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Datagrams_of_a_service_that_says_so_are_dropped(Delivery way)
    {
        Scene scene = Udp(way).With(service => service with { Resets = true });
        scene.Slot(current: 0).Send(scene.Packet(), e => e.DroppedOfService(Verdict.DropNoBackend))
            .Slot(current: 2, previous: 1).Dead(1).Send(scene.Packet(), e => e.Forwarded(to: 2).Tracked(2));
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Answers_are_limited(Delivery way)
    {
        int limit = (int)Lb.Kernel.Layout.Limit.ResetLimit;
        Scene scene = Resetting(way).Slot(current: 2, previous: 1).Dead(1);
        Ticks.InOne(() =>
        {
            IReadOnlyList<XdpAction> actions = scene.SendMany(scene.Packet(), limit + 2);
            Assert.Equal(Enumerable.Repeat(scene.Seen(XdpAction.Transmit), limit), actions.Take(limit));
            Assert.Equal([XdpAction.Drop, XdpAction.Drop], actions.Skip(limit));
        });
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Flow_of_full_nat_ends_with_its_backend_and_begins_anew_with_a_syn(Delivery way)
    {
        Scene scene = Resetting(way).With(service => service with
        {
            Mode = ForwardingMode.FullNat,
            Relay = RelayFlags.FullNat,
            Tracking = Tracking.Full,
        });
        scene.Slot(current: 2, previous: 1).Dead(1)
            .Send(scene.Packet(), e => e.Reset(TcpFlags.Rst, 0x4000_0001, 0))
            .Slot(current: 0)
            .Send(scene.Syn(), e => e.Reset(Answered, 0, 0x2000_0002));
    }

    private Scene Resetting(Delivery way) => Tcp(way).With(service => service with { Resets = true });
}
