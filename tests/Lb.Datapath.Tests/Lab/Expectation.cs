using Lb.Datapath.Tests.Model;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Lab;

/// <summary>
/// What a packet is expected to cause. Every counter and flow entry that is not named must stay as it is.
/// </summary>
internal sealed class Expectation
{
    private readonly Scene _scene;
    private readonly Packet _packet;
    private readonly int _length;
    private uint _forwardedTo;

    public Expectation(Scene scene, Packet packet)
    {
        _scene = scene;
        _packet = packet;
        Bytes = packet.ToBytes();
        _length = Bytes.Length;
        Flows = new(scene.World.Flows);
        Pending = new(scene.World.Pending);
        Clients = new(scene.World.Clients);
    }

    public XdpAction Action { get; private set; } = XdpAction.Pass;

    public byte[] Bytes { get; private set; }

    public Tally Counters { get; } = new();

    public Dictionary<Flow, FlowState> Flows { get; }

    public Dictionary<Flow, FlowState> Pending { get; }

    public Dictionary<ClientId, ClientState> Clients { get; }

    /// <summary>Passed to the host untouched, with no counter moved.</summary>
    public Expectation NotOurs() => this;

    /// <summary>Passed to the host untouched, and counted.</summary>
    public Expectation Passed(Verdict verdict)
    {
        Counters.Count(verdict, _length);
        return this;
    }

    /// <summary>Passed to the host untouched for the service's relay, and counted for the service.</summary>
    public Expectation Relayed(bool opens = false)
    {
        Counters.Service(Scene.ServiceId, t => t with
        {
            Forwarded = t.Forwarded.Plus(_length),
            NewFlows = t.NewFlows + (opens ? 1UL : 0),
        });
        return this;
    }

    /// <summary>Dropped before a service was known.</summary>
    public Expectation Dropped(Verdict verdict)
    {
        Action = XdpAction.Drop;
        Counters.Count(verdict, _length);
        return this;
    }

    /// <summary>Dropped and counted for the service.</summary>
    public Expectation DroppedOfService(Verdict verdict)
    {
        Dropped(verdict);
        Counters.Service(Scene.ServiceId, t => t with { Dropped = t.Dropped.Plus(_length) });
        return this;
    }

    /// <summary>Not sent on: its sender is told that no more than so many bytes fit.</summary>
    public Expectation Told(int room)
    {
        DroppedOfService(Verdict.IcmpTooBig);
        byte[] quote = _packet.ToLayer3();
        bool v6 = _packet.Ip is Ip6Header;
        int most = v6 ? 1232 : 548;
        Packet answer = v6
            ? Packet.Icmp(_packet.Ip!.Destination, _packet.Ip.Source, IcmpType.TooBig6, 0, (uint)room)
            : Packet.Icmp(_packet.Ip!.Destination, _packet.Ip.Source, IcmpType.Unreachable4, 4, (uint)room)
                .Ip4(ip => ip with { Id = 0 });
        answer = answer.Tos(0xc0).Payload(quote[..(quote.Length < most ? 28 : most)]).Macs(_packet.To, _packet.From);
        return Leaves(XdpAction.Transmit, answer.ToBytes());
    }

    /// <summary>Not sent on: its sender is told by a RST that there is nobody.</summary>
    public Expectation Reset(TcpFlags flags, uint sequence, uint acknowledgement)
    {
        DroppedOfService(Verdict.TcpReset);
        var segment = (TcpHeader)_packet.Transport!;
        Packet answer = Packet.Tcp(
            new(_packet.Ip!.Destination, segment.DestinationPort), new(_packet.Ip.Source, segment.SourcePort), flags);
        answer = answer.TcpHeader(tcp => tcp with { Sequence = sequence, Acknowledgement = acknowledgement, Window = 0 });
        answer = _packet.Ip is Ip6Header ? answer : answer.Ip4(ip => ip with { Id = 0 });
        return Leaves(XdpAction.Transmit, answer.Macs(_packet.To, _packet.From).ToBytes());
    }

    /// <summary>Sent to a backend by the scene's way, out of the backends' interface.</summary>
    public Expectation Forwarded(uint to) => Forwarded(to, _scene.Delivered(_packet, to).ToBytes());

    public Expectation Forwarded(uint to, byte[] bytes)
    {
        Leaves(XdpAction.Redirect, bytes);
        Counters.Service(Scene.ServiceId, t => t with { Forwarded = t.Forwarded.Plus(_length) });
        Counters.Backend(to, t => t with { Forwarded = t.Forwarded.Plus(_length) });
        _forwardedTo = to;
        return this;
    }

    /// <summary>Counted as the start of a flow.</summary>
    public Expectation NewFlow()
    {
        Counters.Service(Scene.ServiceId, t => t with { NewFlows = t.NewFlows + 1 });
        Counters.Backend(_forwardedTo, t => t with { NewFlows = t.NewFlows + 1 });
        return this;
    }

    /// <summary>Entered among the established flows.</summary>
    public Expectation Tracked(uint backend, Flow? flow = null)
    {
        Flows[flow ?? _scene.Flow] = new FlowState(backend, Scene.ServiceId, 0);
        return CountTracked();
    }

    /// <summary>Its client keeps that backend from now on.</summary>
    public Expectation Keeps(uint backend, Flow? flow = null)
    {
        Clients[Model.Clients.IdOf(_scene.Service, flow ?? _scene.Flow)] = new ClientState(backend);
        return this;
    }

    /// <summary>Begun as a flow of full-nat, whose entries are compared with those of the model.</summary>
    public Expectation Begun() => CountTracked();

    /// <summary>Entered among the pending flows.</summary>
    public Expectation TrackedAsPending(uint backend)
    {
        Pending[_scene.Flow] = new FlowState(backend, Scene.ServiceId, 0);
        return CountTracked();
    }

    /// <summary>Moved from the pending to the established flows.</summary>
    public Expectation Promoted()
    {
        Flows[_scene.Flow] = Pending[_scene.Flow];
        Pending.Remove(_scene.Flow);
        return this;
    }

    /// <summary>Not entered, because the budget was spent.</summary>
    public Expectation Untracked()
    {
        Counters.Service(Scene.ServiceId, t => t with { Untracked = t.Untracked + 1 });
        return this;
    }

    /// <summary>Leaves the node changed, with a verdict of its own.</summary>
    public Expectation Leaves(XdpAction action, byte[] bytes, Verdict? verdict = null)
    {
        Action = action;
        Bytes = bytes;
        if (verdict is { } counted)
        {
            Counters.Count(counted, _length);
        }

        return this;
    }

    /// <summary>Counted as a reply of a backend.</summary>
    public Expectation Replied(uint backend)
    {
        Counters.Service(Scene.ServiceId, t => t with { Replied = t.Replied.Plus(_length) });
        Counters.Backend(backend, t => t with { Replied = t.Replied.Plus(_length) });
        return this;
    }

    private Expectation CountTracked()
    {
        Counters.Service(Scene.ServiceId, t => t with { Tracked = t.Tracked + 1 });
        return this;
    }
}
