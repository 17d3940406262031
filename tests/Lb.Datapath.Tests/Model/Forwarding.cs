using System.Net;
using System.Net.Sockets;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>Sends a packet for a service to a backend.</summary>
internal sealed class Forwarding(World world, Tally tally)
{
    private readonly SlotRule _slots = new(world, tally);

    /// <summary>A TCP segment, UDP datagram or SCTP packet.</summary>
    public Outcome Transport(Frame frame, ServiceEntry service)
    {
        TransportProtocol protocol = (TransportProtocol)frame.Protocol;
        PacketKind kind = KindOf(frame);
        Flow flow = new(frame.Source, frame.SourcePort, frame.Destination, frame.DestinationPort, protocol);
        bool has = HasSocket(frame.Destination, frame.DestinationPort, frame.Source, frame.SourcePort);
        if (IsForRelay(service, kind, has))
        {
            return Relay(frame, service, kind);
        }

        service = InKernel(service);
        uint index = ConnectionIds.Named(world, frame, service) is var named and not 0
            ? named
            : _slots.Select(service, flow, kind);
        if (IsRefused(frame, service, index))
        {
            return Reset(frame, service);
        }

        if (kind == PacketKind.Syn
            && service is { Mode: ForwardingMode.Nat, Relay: RelayFlags.Older }
            && world.Backends.TryGetValue(index, out BackendEntry? taken)
            && HasSocket(frame.Source, frame.SourcePort, taken.Address, taken.Port))
        {
            return Relay(frame, service, kind);
        }

        if (Refusal(frame, service, index) is { } refusal)
        {
            return refusal == Verdict.DropTooBig ? Refuse(frame, service, index) : Drop(frame, service, refusal);
        }

        BackendEntry backend = world.Backends[index];
        tally.Service(service.Id, t => Forwarded(t, frame, kind));
        tally.Backend(index, t => Forwarded(t, frame, kind));
        return Send(frame, backend, service.Mode == ForwardingMode.Nat
            ? Mss.Lower(Translation.ToBackend(frame, backend), frame, kind == PacketKind.Syn ? backend.Mss : 0)
            : Carry(frame, service, backend, FlowHashModel.Of(flow, service)));
    }

    /// <summary>An ICMP error about a flow that the packet inside it describes, backwards.</summary>
    public Outcome Error(Frame frame, ServiceEntry service, Flow flow)
    {
        bool has = HasSocket(flow.Vip, flow.VipPort, flow.Source, flow.SourcePort);
        if (IsForRelay(service, PacketKind.Error, has))
        {
            tally.Count(Verdict.IcmpError, frame.Bytes.Length);
            return Relay(frame, service, PacketKind.Error);
        }

        service = InKernel(service);
        uint index = _slots.Select(service, flow, PacketKind.Error);
        if (Refusal(frame, service, index) is { } refusal)
        {
            return Drop(frame, service, refusal);
        }

        BackendEntry backend = world.Backends[index];
        tally.Count(Verdict.IcmpError, frame.Bytes.Length);
        tally.Service(service.Id, t => Forwarded(t, frame, PacketKind.Error));
        tally.Backend(index, t => Forwarded(t, frame, PacketKind.Error));
        return Send(frame, backend, service.Mode == ForwardingMode.Nat
            ? Translation.ErrorToBackend(frame, backend)
            : Carry(frame, service, backend, FlowHashModel.Of(flow, service)));
    }

    /// <summary>The backend that the slot rule chooses.</summary>
    public uint Select(ServiceEntry service, Flow flow, PacketKind kind) => _slots.Select(service, flow, kind);

    /// <summary>A fragment for a service's relay.</summary>
    public Outcome RelayPiece(Frame piece, uint service, bool opens)
    {
        tally.Service(service, t => Forwarded(t, piece, opens ? PacketKind.Syn : PacketKind.Segment));
        return new Outcome(XdpAction.Pass, piece.Bytes);
    }

    /// <summary>A fragment for a backend that is chosen, and whether it was sent there.</summary>
    public (Outcome Outcome, bool Sent) Piece(Frame piece, FragmentState state, bool first, bool opens)
    {
        ServiceEntry service = new(state.Service, 0, 0, 0, state.Way, Tracking.None);
        if (Refusal(piece, service, state.Backend) is { } refusal)
        {
            return (refusal == Verdict.DropTooBig && first ? Refuse(piece, service, state.Backend) : Drop(piece, service, refusal), false);
        }

        BackendEntry backend = world.Backends[state.Backend];
        PacketKind kind = opens ? PacketKind.Syn : PacketKind.Segment;
        tally.Service(service.Id, t => Forwarded(t, piece, kind));
        tally.Backend(state.Backend, t => Forwarded(t, piece, kind));
        byte[] bytes = service.Mode != ForwardingMode.Nat ? Carry(piece, service, backend, state.Hash)
            : first ? Translation.ToBackend(piece, backend)
            : Translation.Readdress(piece, source: false, backend.Address);
        return (Send(piece, backend, bytes), true);
    }

    /// <summary>The packet as it is, in what the mode puts around it.</summary>
    private static byte[] Carry(Frame frame, ServiceEntry service, BackendEntry backend, uint hash) => service.Mode switch
    {
        ForwardingMode.DsrIpip => Tunnel.Wrap(frame, backend, hash),
        ForwardingMode.DsrGue => Tunnel.WrapInUdp(frame, backend, hash),
        _ => [.. frame.Bytes],
    };

    /// <summary>While a service has two ways, a socket says which is whose; a SYN goes the way of new flows.</summary>
    private static bool IsForRelay(ServiceEntry service, PacketKind kind, bool hasSocket)
    {
        bool relayed = service.Mode == ForwardingMode.Tproxy;
        bool bothWays = (service.Relay & ~(RelayFlags.Tc | RelayFlags.FullNat)) != RelayFlags.None;
        return !bothWays || kind == PacketKind.Datagram || (relayed && kind == PacketKind.Syn) ? relayed : hasSocket;
    }

    /// <summary>The service as the kernel path has it.</summary>
    private static ServiceEntry InKernel(ServiceEntry service) =>
        service.Relay.HasFlag(RelayFlags.OlderNat) ? service with { Mode = ForwardingMode.Nat }
        : service.Relay.HasFlag(RelayFlags.OlderIpip) ? service with { Mode = ForwardingMode.DsrIpip }
        : service.Relay.HasFlag(RelayFlags.OlderL2) ? service with { Mode = ForwardingMode.DsrL2 }
        : service.Relay.HasFlag(RelayFlags.OlderGue) ? service with { Mode = ForwardingMode.DsrGue }
        : service;

    /// <summary>Whether a socket of the host has a connection.</summary>
    public bool HasSocket(IPAddress own, ushort ownPort, IPAddress peer, ushort peerPort) =>
        world.Sockets.Contains((new IPEndPoint(own, ownPort), new IPEndPoint(peer, peerPort)));

    /// <summary>What the service's relay gets is left as it is.</summary>
    private Outcome Relay(Frame frame, ServiceEntry service, PacketKind kind)
    {
        tally.Service(service.Id, t => Forwarded(t, frame, kind));
        return new Outcome(XdpAction.Pass, frame.Bytes);
    }

    /// <summary>A SYN has no ACK; what it is to TCP, a first chunk of type INIT is to SCTP.</summary>
    public static PacketKind KindOf(Frame frame) => (TransportProtocol)frame.Protocol switch
    {
        TransportProtocol.Udp => PacketKind.Datagram,
        TransportProtocol.Sctp when frame.Bytes[frame.L4 + 12] == 1 => PacketKind.Syn,
        TransportProtocol.Tcp when (frame.Bytes[frame.L4 + 13] & 0x12) == 0x02 => PacketKind.Syn,
        _ => PacketKind.Segment,
    };

    /// <summary>Counts a packet that is forwarded.</summary>
    public static Traffic Forwarded(Traffic traffic, Frame frame, PacketKind kind) => traffic with
    {
        Forwarded = traffic.Forwarded.Plus(frame.Bytes.Length),
        NewFlows = traffic.NewFlows + (kind == PacketKind.Syn ? 1UL : 0),
    };

    private Verdict? Refusal(Frame frame, ServiceEntry service, uint index)
    {
        if (index == 0 || !world.Backends.TryGetValue(index, out BackendEntry? backend) || !Fits(frame, service, backend))
        {
            return Verdict.DropNoBackend;
        }

        if (backend.NextHop is null)
        {
            return Verdict.DropNoNextHop;
        }

        bool nat = service.Mode == ForwardingMode.Nat;
        if (nat && frame.Ttl <= 1)
        {
            return Verdict.DropTtl;
        }

        return frame.IpLength > RoomFor(service, backend) ? Verdict.DropTooBig : null;
    }

    /// <summary>The longest packet that the backend can have.</summary>
    private static int RoomFor(ServiceEntry service, BackendEntry backend)
    {
        int header = backend.Address.AddressFamily == AddressFamily.InterNetwork ? 20 : 40;
        int outer = service.Mode switch
        {
            ForwardingMode.DsrIpip => header,
            ForwardingMode.DsrGue => header + 8,
            _ => 0,
        };
        return backend.NextHop!.Mtu - outer;
    }

    /// <summary>There is nobody for a TCP packet, and its client is to be told.</summary>
    public static bool IsRefused(Frame frame, ServiceEntry service, uint index) =>
        service.Resets && (TransportProtocol)frame.Protocol == TransportProtocol.Tcp && (index is 0 or SlotRule.IsDead);

    /// <summary>Answers a segment that there is nobody for.</summary>
    public Outcome Reset(Frame frame, ServiceEntry service)
    {
        byte[]? answer = Resets.Answer(frame);
        Outcome dropped = Drop(frame, service, answer is null ? Verdict.DropDeadFlow : Verdict.TcpReset);
        return answer is null ? dropped : new Outcome(XdpAction.Transmit, answer);
    }

    /// <summary>What is too big is dropped, and its sender told where that is of use.</summary>
    public Outcome Refuse(Frame frame, ServiceEntry service, uint index)
    {
        byte[]? answer = TooBig.Answer(world, frame, RoomFor(service, world.Backends[index]));
        Outcome dropped = Drop(frame, service, answer is null ? Verdict.DropTooBig : Verdict.IcmpTooBig);
        return answer is null ? dropped : new Outcome(XdpAction.Transmit, answer);
    }

    /// <summary>nat keeps the family; IP in IP may carry IPv4 in IPv6, not the other way round.</summary>
    private static bool Fits(Frame frame, ServiceEntry service, BackendEntry backend)
    {
        bool backend6 = backend.Address.AddressFamily == AddressFamily.InterNetworkV6;
        return frame.V6 == backend6
            || (service.Mode == ForwardingMode.DsrIpip && backend6)
            || service.Mode is ForwardingMode.DsrL2 or ForwardingMode.DsrGue;
    }

    /// <summary>Drops a packet of a service.</summary>
    public Outcome Drop(Frame frame, ServiceEntry service, Verdict verdict)
    {
        tally.Count(verdict, frame.Bytes.Length);
        tally.Service(service.Id, t => t with { Dropped = t.Dropped.Plus(frame.Bytes.Length) });
        return new Outcome(XdpAction.Drop, frame.Bytes);
    }

    /// <summary>Sends what a packet has become to its backend.</summary>
    public Outcome Send(Frame frame, BackendEntry backend, byte[] bytes)
    {
        NextHop hop = backend.NextHop!;
        Mac.Of(hop.Destination).ToBytes().CopyTo(bytes, 0);
        Mac.Of(hop.Source).ToBytes().CopyTo(bytes, Mac.Length);
        bool back = hop.InterfaceIndex == world.Ingress;
        return new Outcome(back ? XdpAction.Transmit : XdpAction.Redirect, bytes);
    }
}
