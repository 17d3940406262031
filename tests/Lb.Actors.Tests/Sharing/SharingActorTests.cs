using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests.Sharing;

/// <summary>Two nodes' actors, each on a datapath in memory, that share flows.</summary>
public sealed class SharingActorTests
{
    private static readonly ServiceConfig s_two = Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked();

    [Fact]
    public void Entry_that_one_kernel_makes_is_written_into_the_other_by_its_own_numbers()
    {
        Network network = new();
        using Node first = network.Start("a:1", s_two);
        using Node second = network.Start("b:1", s_two);
        WaitForBoth(first, second);
        Flow flow = new(IPAddress.Parse("198.51.100.7"), 4711, Configs.Vip.Address, Configs.Vip.Port, TransportProtocol.Tcp);
        first.Datapath.FlowNews.Add(new FlowNews(flow, first.Service(Configs.Vip)!.Id, first.Index(2), FlowNewsKind.Opened));
        Until([first, second], () => second.Datapath.ReadFlows().Count == 1, "the entry is there");
        FlowRecord copy = second.Datapath.ReadFlows()[0];
        ServiceEntry service = second.Service(Configs.Vip)!;
        Assert.Equal((flow, second.Index(2), service.Id, false), (copy.Flow, copy.Backend, copy.Service, copy.Pending));
        Assert.Equal(FlowHash.Slot(flow, service.Seed, service.Slots), copy.Slot);
        Until([first, second], () => Sharing(first) is { Entries: 1, Peers: [{ Behind: 0 }] }, "it is confirmed");
        Assert.True(((SharingFlushed)first.Ask(new FlushSharing())).Done);
    }

    [Fact]
    public void Entry_of_a_backend_that_is_not_known_yet_waits_for_it()
    {
        ServiceConfig three = Configs.Service(Configs.Backend(1), Configs.Backend(2), Configs.Backend(3)).Unchecked();
        Network network = new();
        using Node first = network.Start("a:1", three);
        using Node second = network.Start("b:1", s_two);
        WaitForBoth(first, second);
        Flow flow = new(IPAddress.Parse("198.51.100.7"), 4711, Configs.Vip.Address, Configs.Vip.Port, TransportProtocol.Tcp);
        first.Datapath.FlowNews.Add(new FlowNews(flow, first.Service(Configs.Vip)!.Id, first.Index(3), FlowNewsKind.Found));
        Until([first, second], () => Sharing(first) is { Entries: 1, Peers: [{ Behind: 0 }] }, "it was heard");
        Assert.Empty(second.Datapath.ReadFlows());
        second.Apply(Configs.Site(three));
        Until([first, second], () => second.Datapath.ReadFlows().Any(copy => copy.Backend == second.Index(3)), "it is written");
    }

    [Fact]
    public void Node_that_starts_takes_moved_slots_and_entries_and_opens_its_gate_then()
    {
        Network network = new();
        using Node first = network.Start("a:1", Configs.Service(Configs.Backend(1)).Unchecked());
        first.Apply(Configs.Site(s_two));
        first.WaitFor(() => first.Table().Any(slot => slot == (2, 1)), "slots are moved");
        int moved = Array.FindIndex(first.Table(), slot => slot == (2, 1));
        first.AddFlow(1000, backend: 1, moved);
        using Node second = network.Start("b:1", s_two);
        Until([first, second], () => network.Gates["b:1"].Missing is null, "the gate opens");
        Assert.Equal(first.Table(), second.Table());
        Assert.Equal(second.Index(1), Assert.Single(second.Datapath.ReadFlows()).Backend);
        Assert.True(second.Datapath.ReadShared());
    }

    [Fact]
    public void Gate_of_a_node_that_cannot_catch_up_says_why_and_opens_after_ten_seconds()
    {
        Network network = new();
        using Node first = network.Start("a:1", s_two);
        network.IsCut = true;
        using Node second = network.Start("b:1", s_two);
        JoinGate gate = network.Gates["b:1"];
        second.WaitFor(() => gate.Missing == "it has not got the flows of a:1 yet", "it says what is missing");
        second.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(gate.Missing);
        second.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(gate.Missing);
    }

    [Fact]
    public void Slots_become_clean_on_both_when_neither_has_older_flows()
    {
        Network network = new();
        ServiceConfig one = Configs.Service(Configs.Backend(1)).Unchecked();
        using Node first = network.Start("a:1", one);
        using Node second = network.Start("b:1", one);
        WaitForBoth(first, second);
        first.Apply(Configs.Site(s_two));
        second.Apply(Configs.Site(s_two));
        Until([first, second], () => first.Table().Any(slot => slot == (2, 1)) && first.Table().SequenceEqual(second.Table()), "slots are moved");
        int held = Array.FindIndex(first.Table(), slot => slot == (2, 1));
        second.AddFlow(1000, backend: 1, held);
        first.Clock.Advance(s_two.FlowMemory);
        second.Clock.Advance(s_two.FlowMemory);
        Until([first, second], () => first.Web().MovedSlots == 1 && second.Web().MovedSlots == 1, "all are clean on both but the one with a flow on the other");
        Assert.Equal((2, 1), first.Table()[held]);
        second.AddFlow(1000, backend: 1, held, idle: s_two.FlowMemory);
        Until([first, second], () => first.Web().MovedSlots == 0 && second.Web().MovedSlots == 0, "all are clean");
    }

    [Fact]
    public void Node_that_is_alone_shares_nothing()
    {
        using Node node = Node.Start(s_two);
        Assert.IsType<NoSharing>(node.Ask(new GetSharing()));
        Assert.True(((SharingFlushed)node.Ask(new FlushSharing())).Done);
        Assert.False(node.Datapath.ReadShared());
    }

    /// <summary>Waits for something while time goes on for the nodes.</summary>
    private static void Until(Node[] nodes, Func<bool> condition, string what) => nodes[0].WaitFor(
        () =>
        {
            Array.ForEach(nodes, node => node.Clock.Advance(TimeSpan.FromMilliseconds(100)));
            return condition();
        },
        what);

    [Fact]
    public void Node_that_has_left_its_cluster_has_the_kernel_tell_nobody()
    {
        using Node node = new(Configs.Site(s_two), prepare: datapath => datapath.WriteShared(true));
        node.WaitFor(() => node.Service(Configs.Vip)?.Slots > 0 && !node.Datapath.ReadShared(), "the kernel tells nobody");
    }

    private static SharingSnapshot? Sharing(Node node) => node.Ask(new GetSharing()) as SharingSnapshot;

    private static void WaitForBoth(Node first, Node second)
    {
        foreach (Node node in (Node[])[first, second])
        {
            Until([first, second], () => Sharing(node) is { IsEstablished: true, Peers: [{ IsWhole: true }] }, "it has what the other knows");
        }
    }

    /// <summary>A network in memory, and its nodes.</summary>
    private sealed class Network
    {
        private readonly ConcurrentDictionary<string, VoteHeard> _listeners = new(StringComparer.Ordinal);
        private ImmutableArray<VoteMember> _members = [];

        public ConcurrentDictionary<string, JoinGate> Gates { get; } = new(StringComparer.Ordinal);

        public bool IsCut { get; set; }

        public VoteCluster Cluster { get; private set; } = new([], 0, IsIn: true);

        public Node Start(string address, ServiceConfig service)
        {
            _members = _members.Add(new VoteMember(address, IsReachable: true, IsLost: false));
            Cluster = new VoteCluster(_members, _members.Length, IsIn: true);
            Node node = new(Configs.Site(service), share: clock =>
            {
                JoinGate gate = new(clock);
                // The vote is no part of this.
                gate.Set(JoinGate.JoinPart.Verdicts, null);
                Gates[address] = gate;
                return new SharingParts(new Mates(this, address), gate, new SharingBoard());
            });
            node.WaitFor(() => node.Service(Configs.Vip)?.Slots > 0, "it has a table");
            return node;
        }

        public void Listen(string address, VoteHeard heard) => _listeners[address] = heard;

        public void Send(string from, string to, ReadOnlyMemory<byte> message)
        {
            if (!IsCut && _listeners.TryGetValue(to, out VoteHeard? heard))
            {
                heard(from, 1, message);
            }
        }
    }

    private sealed class Mates(Network network, string self) : IClusterMates
    {
        public string Self => self;

        public VoteCluster Cluster => network.Cluster;

        public void Listen(VoteHeard heard) => network.Listen(self, heard);

        public void Send(string to, ReadOnlyMemory<byte> message) => network.Send(self, to, message);
    }
}
