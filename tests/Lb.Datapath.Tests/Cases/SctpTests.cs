using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>
/// Associations of SCTP: an INIT is what a SYN is to TCP. What all protocols have in common stands in the other cases.
/// </summary>
public class SctpTests(Testbed bed) : DatapathTest(bed)
{
    public static TheoryData<Delivery, Tracking> Trackings { get; } = AllTrackings();

    /// <summary>All but INIT: none of them begins an association, whoever sends it.</summary>
    public static TheoryData<byte> OtherChunks { get; } =
    [
        SctpChunk.Data, 2, SctpChunk.Heartbeat, SctpChunk.Abort, SctpChunk.Shutdown, SctpChunk.ShutdownAck,
        SctpChunk.CookieEcho, SctpChunk.CookieAck, SctpChunk.ShutdownComplete, 0x81, 255,
    ];

    [RootTheory, MemberData(nameof(Trackings))]
    public void Association_that_begins_on_a_moved_slot_stays_on_current(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow())
            .Send(Chunk(scene, SctpChunk.CookieEcho), e => e.Forwarded(to: 2).Promoted())
            .Send(scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Association_older_than_the_change_stays_on_previous(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking);
        scene.Send(scene.Packet(), e => e.Forwarded(to: 1).Tracked(1))
            .Send(Chunk(scene, SctpChunk.Heartbeat), e => e.Forwarded(to: 1))
            .Send(Chunk(scene, SctpChunk.Shutdown), e => e.Forwarded(to: 1))
            .Send(Chunk(scene, SctpChunk.ShutdownComplete), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Association_that_its_client_restarts_stays_where_it_is(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 3);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 3).NewFlow());
    }

    [RootTheory, MemberData(nameof(Trackings))]
    public void Association_whose_backend_died_begins_at_current(Delivery way, Tracking tracking)
    {
        Scene scene = Moved(way, tracking).Tracked(backend: 3).Dead(3);
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(Chunk(scene, SctpChunk.CookieEcho), e => e.Forwarded(to: 2).Promoted());
    }

    [RootTheory, MemberData(nameof(OtherChunks))]
    public void Only_an_init_begins_an_association(byte chunk)
    {
        Scene scene = Moved(Delivery.Ipip4In4, Tracking.Minimal);
        scene.Send(Chunk(scene, chunk), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Init_that_cannot_be_remembered_goes_where_its_next_packets_will(Delivery way)
    {
        Scene scene = Moved(way, Tracking.Minimal).BudgetSpent();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 1).NewFlow().Untracked());
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Error_about_a_pending_association_goes_to_its_backend_and_promotes_nothing(Delivery way)
    {
        Scene scene = Moved(way, Tracking.Minimal).Pending(3);
        Packet error = IcmpErrorTests.Error(scene);
        byte[] delivered = scene.Delivered(error, 3).ToBytes();
        scene.Send(error, e => e.Forwarded(3, delivered).Leaves(XdpAction.Redirect, delivered, Verdict.IcmpError));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Client_keeps_its_backend_by_associations_that_are_established(Delivery way)
    {
        Scene scene = Sctp(way, Tracking.Full).Slot(current: 2).Sticky();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(Chunk(scene, SctpChunk.CookieEcho), e => e.Forwarded(to: 2).Promoted().Keeps(2))
            .Slot(current: 3, previous: 1);
        scene.World.Flows.Clear();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Chunk_header_alone_is_enough_and_less_is_malformed(Delivery way)
    {
        Scene scene = Sctp(way);
        Packet least = Chunk(scene, SctpChunk.CookieAck);
        int length = SctpHeader.Length + (way.HasV6Vip() ? 0 : 20);
        scene.Send(least, e => e.Forwarded(to: 1))
            .Send(least.Pad(10), e => e.Forwarded(to: 1))
            .Send(least.IpLength(length - 1), e => e.Dropped(Verdict.DropMalformed))
            .Send(least.IpLength(length - 4).Pad(10), e => e.Dropped(Verdict.DropMalformed));
    }

    [RootTheory, MemberData(nameof(DsrDeliveries))]
    public void Pieces_go_where_the_first_one_went(Delivery way)
    {
        Scene scene = Moved(way, Tracking.Minimal);
        scene.Send(FragmentTests.First(scene.Syn()), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2))
            .Send(FragmentTests.Later(scene.Packet(), 16), e => e.Forwarded(to: 2))
            .Send(FragmentTests.Later(scene.Packet(), 8), e => e.Dropped(Verdict.DropFragment))
            .Send(FragmentTests.First(scene.Packet(), id: 7), e => e.Forwarded(to: 2).Promoted())
            .Send(FragmentTests.Later(scene.Packet(), 64, more: false, id: 7), e => e.Forwarded(to: 2));
    }

    private static Packet Chunk(Scene scene, byte chunk) =>
        Packet.Sctp(scene.Delivery.Client(), scene.Delivery.Vip(), chunk);

    private static TheoryData<Delivery, Tracking> AllTrackings()
    {
        var data = new TheoryData<Delivery, Tracking>();
        foreach (Delivery delivery in Enum.GetValues<Delivery>().Where(way => !way.IsNat()))
        {
            data.Add(delivery, Tracking.Minimal);
            data.Add(delivery, Tracking.Full);
        }

        return data;
    }

    private Scene Moved(Delivery way, Tracking tracking) => Sctp(way, tracking).Slot(current: 2, previous: 1);
}
