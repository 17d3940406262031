using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>
/// What other nodes are told of entries. Every packet of these tests is also held against the model, news included.
/// </summary>
public class FlowNewsTests(Testbed bed) : DatapathTest(bed)
{
    private readonly Testbed _bed = bed;

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Flow_that_opens_on_a_moved_slot_is_news_with_its_second_packet(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Shared();
        scene.Send(scene.Syn(), e => e.Forwarded(to: 2).NewFlow().TrackedAsPending(2));
        Assert.Empty(_bed.LastNews);
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 2).Promoted(), new FlowNews(scene.Flow, Scene.ServiceId, 2, FlowNewsKind.Opened));
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Older_flow_is_news_when_it_is_found(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1).Shared();
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 1).Tracked(1), new FlowNews(scene.Flow, Scene.ServiceId, 1, FlowNewsKind.Found));
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Node_alone_tells_nobody(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2, previous: 1);
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 1).Tracked(1));
    }

    [RootTheory, MemberData(nameof(Ways))]
    public void Clean_slot_has_no_news(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol).Slot(current: 2).Shared();
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 2));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Flow_without_an_entry_for_want_of_budget_is_no_news(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Shared().BudgetSpent();
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 1).Untracked());
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Unknown_segment_behind_the_window_goes_to_current_and_is_news(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1, windowOver: true).Shared();
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 2).Tracked(2), new FlowNews(scene.Flow, Scene.ServiceId, 2, FlowNewsKind.Found));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Known_segment_behind_the_window_stays_where_it_is(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1, windowOver: true).Tracked(1);
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 1));
    }

    [RootTheory, MemberData(nameof(Deliveries))]
    public void Syn_without_memory_behind_the_window_goes_where_its_next_packets_will(Delivery way)
    {
        Scene scene = Tcp(way).Slot(current: 2, previous: 1, windowOver: true).BudgetSpent();
        Expect(scene, scene.Syn(), e => e.Forwarded(to: 2).NewFlow().Untracked());
        Expect(scene, scene.Packet(), e => e.Forwarded(to: 2).Untracked());
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Records_without_room_are_counted_and_hold_nothing_up(Delivery way) => _bed.Run(() =>
    {
        const int Room = KernelMirror.NewsSize / KernelMirror.NewsRecordSize;
        Scene scene = Tcp(way).Slot(current: 2, previous: 1).Shared();
        _bed.Kernel.Apply(scene.World);
        _bed.Kernel.ReadNews();
        ulong before = _bed.Kernel.NewsCounts.NoRoom;
        for (int port = 1; port <= Room + 100; port++)
        {
            byte[] frame = Packets.Packet.Tcp(new IPEndPoint(way.Client().Address, port), way.Vip()).ToBytes();
            Assert.NotEqual(XdpAction.Drop, _bed.Kernel.Run(frame, scene.World.Ingress).Action);
        }

        Assert.InRange(_bed.Kernel.NewsCounts.NoRoom - before, 100UL, 110UL);
        Assert.InRange(_bed.Kernel.ReadNews().Count, Room - 10, Room);
        Assert.True(_bed.Kernel.NewsCounts.Written > 0, "what is written is counted too");
    });

    private void Expect(Scene scene, Packet packet, Action<Expectation> expect, params FlowNews[] news)
    {
        scene.Send(packet, expect);
        Assert.Equal(news, _bed.LastNews);
    }
}
