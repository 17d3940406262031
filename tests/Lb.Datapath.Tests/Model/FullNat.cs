using System.Net.Sockets;
using Lb.Kernel;
using Lb.Kernel.Layout;

namespace Lb.Datapath.Tests.Model;

/// <summary>What packets of one direction of a flow of full-nat become; time is not part of the model.</summary>
internal readonly record struct FullState(Flow Becomes, uint Backend, uint Service, uint Slot, FullFlags Flags);

/// <summary>full-nat: both ends of a packet become others, by an entry for each direction of its flow.</summary>
internal sealed class FullNat(World world, Tally tally, Forwarding forwarding, Replies replies)
{
    private readonly Clients _clients = new(world);

    private const RelayFlags OlderWays =
        RelayFlags.OlderNat | RelayFlags.OlderIpip | RelayFlags.OlderL2 | RelayFlags.OlderGue;

    /// <summary>The ends of packets that go the other way.</summary>
    public static Flow Reverse(Flow flow) => new(flow.Vip, flow.VipPort, flow.Source, flow.SourcePort, flow.Protocol);

    /// <summary>A client's segment or datagram, or the first fragment of one; null when it is not for full-nat.</summary>
    public Outcome? Forward(Frame frame, ServiceEntry service, FragmentId? datagram = null)
    {
        if (!service.Relay.HasFlag(RelayFlags.FullNat))
        {
            return null;
        }

        PacketKind kind = Forwarding.KindOf(frame);
        Flow flow = FlowOf(frame);
        uint named = ConnectionIds.Named(world, frame, service);
        if (kind == PacketKind.Segment && service.Resets && IsOfDead(service, flow))
        {
            Note(flow, FullFlags.Reset);
            return datagram is null ? forwarding.Reset(frame, service) : forwarding.Drop(frame, service, Verdict.DropNoBackend);
        }

        FullState? there = Recall(service, flow, kind, FlagsOf(frame), named);
        bool socket = service.Relay.HasFlag(RelayFlags.Older)
            && kind != PacketKind.Datagram
            && forwarding.HasSocket(flow.Vip, flow.VipPort, flow.Source, flow.SourcePort);
        if (there is null && (!TakesUnknown(service, kind) || socket))
        {
            return null;
        }

        // Of TCP, a flow that both ends have no part in yet shows nobody.
        if (there is { } seen && (kind == PacketKind.Datagram || world.Full.ContainsKey(flow)))
        {
            _clients.Note(service, flow, seen.Backend);
        }

        (uint index, uint slot) = there is { } known ? (known.Backend, known.Slot) : Choose(service, flow, kind, named);
        if (datagram is null && Forwarding.IsRefused(frame, service, index))
        {
            return forwarding.Reset(frame, service);
        }

        if (Refusal(frame, index) is { } refusal)
        {
            return refusal == Verdict.DropTooBig
                ? forwarding.Refuse(frame, service with { Mode = ForwardingMode.FullNat }, index)
                : forwarding.Drop(frame, service, refusal);
        }

        BackendEntry backend = world.Backends[index];
        bool begins = there is null;
        there ??= Begin(service, flow, backend, index, slot);
        if (there is not { } entry)
        {
            return forwarding.Drop(frame, service, Verdict.DropNoPort);
        }

        if (begins && kind == PacketKind.Datagram)
        {
            _clients.Note(service, flow, index);
        }

        tally.Service(service.Id, t => Forwarding.Forwarded(t, frame, kind));
        tally.Backend(index, t => Forwarding.Forwarded(t, frame, kind));
        return forwarding.Send(frame, backend, Become(frame, entry, datagram, kind == PacketKind.Syn ? backend.Mss : 0));
    }

    /// <summary>A backend's segment or datagram, or the first fragment of one; null when it is no reply of full-nat.</summary>
    public Outcome? Reply(Frame frame, FragmentId? datagram = null)
    {
        Flow flow = FlowOf(frame);
        if (Backs(frame, flow) is not { } back)
        {
            return null;
        }

        FullFlags seen = FlagsOf(frame);
        Note(flow, seen.HasFlag(FullFlags.Reset) ? seen : seen | FullFlags.Answered);
        return frame.Ttl <= 1
            ? DropTtl(frame, back)
            : replies.Refuse(frame, back.Becomes.Vip, back.Service)
                ?? replies.Send(frame, Become(frame, back, datagram, MssOf(frame, back)), back.Service, back.Backend);
    }

    /// <summary>What a packet becomes; the MSS of one in fragments stays, and its datagram is remembered.</summary>
    private byte[] Become(Frame frame, FullState entry, FragmentId? datagram, int mss)
    {
        byte[] bytes = Translation.ToEnds(frame, entry.Becomes);
        return datagram is { } id ? FullPieces.Begin(world, frame, id, entry, bytes) : Mss.Lower(bytes, frame, mss);
    }

    private int MssOf(Frame frame, FullState back) =>
        (TransportProtocol)frame.Protocol == TransportProtocol.Tcp
        && (frame.Bytes[frame.L4 + 13] & 0x02) != 0
        && world.Backends.TryGetValue(back.Backend, out BackendEntry? backend)
            ? backend.Mss
            : 0;

    /// <summary>An error about a reply; null when full-nat has nothing to do with it.</summary>
    public Outcome? Error(Frame frame, ServiceEntry service, Flow flow)
    {
        if (!service.Relay.HasFlag(RelayFlags.FullNat))
        {
            return null;
        }

        if (Recall(service, flow, PacketKind.Error, FullFlags.None, named: 0) is not { } there)
        {
            bool older = (service.Relay & ~(RelayFlags.Tc | RelayFlags.FullNat)) != RelayFlags.None;
            return older || service.Mode != ForwardingMode.FullNat
                ? null
                : forwarding.Drop(frame, service, Verdict.DropIcmpUnknown);
        }

        if (Refusal(frame, there.Backend) is { } refusal)
        {
            return forwarding.Drop(frame, service, refusal);
        }

        tally.Count(Verdict.IcmpError, frame.Bytes.Length);
        tally.Service(service.Id, t => Forwarding.Forwarded(t, frame, PacketKind.Error));
        tally.Backend(there.Backend, t => Forwarding.Forwarded(t, frame, PacketKind.Error));
        return forwarding.Send(
            frame, world.Backends[there.Backend], Translation.ErrorToEnds(frame, there.Becomes));
    }

    /// <summary>An error about a client's packet; null when full-nat has nothing to do with it.</summary>
    public Outcome? ReplyError(Frame frame, Quote quote)
    {
        Flow flow = new(quote.Destination, quote.DestinationPort, quote.Source, quote.SourcePort, quote.Protocol);
        return Backs(frame, flow) is not { } back ? null
            : frame.Ttl <= 1 ? DropTtl(frame, back)
            : replies.Send(frame, Translation.ErrorToEnds(frame, back.Becomes), back.Service, back.Backend);
    }

    private static Flow FlowOf(Frame frame) => new(
        frame.Source, frame.SourcePort, frame.Destination, frame.DestinationPort, (TransportProtocol)frame.Protocol);

    private static FullFlags FlagsOf(Frame frame)
    {
        int flags = (TransportProtocol)frame.Protocol == TransportProtocol.Tcp ? frame.Bytes[frame.L4 + 13] : 0;
        return (flags & 4) != 0 ? FullFlags.Reset : (flags & 1) != 0 ? FullFlags.Fin : FullFlags.None;
    }

    private static bool TakesUnknown(ServiceEntry service, PacketKind kind) =>
        service.Mode == ForwardingMode.FullNat
        && (kind != PacketKind.Segment || (service.Relay & OlderWays) == RelayFlags.None);

    /// <summary>The flow's own entry names a backend that is dead.</summary>
    private bool IsOfDead(ServiceEntry service, Flow flow)
    {
        bool isNew = !world.Full.TryGetValue(flow, out FullState there);
        return (!isNew || world.FullNew.TryGetValue(flow, out there))
            && !IsReply(there)
            && there.Service == service.Id
            && !IsAlive(there.Backend)
            && (!isNew || (world.FullNew.TryGetValue(Reverse(there.Becomes), out FullState back) && Reverse(back.Becomes) == flow));
    }

    private static bool IsReply(FullState state) => state.Flags.HasFlag(FullFlags.Reply);

    private bool IsAlive(uint backend) => world.Backends.TryGetValue(backend, out BackendEntry? b) && b.Alive;

    private FullState? Backs(Frame frame, Flow flow)
    {
        AddressFamily family = frame.V6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        if (!world.HasSources(family))
        {
            return null;
        }

        return (world.Full.TryGetValue(flow, out FullState back) || world.FullNew.TryGetValue(flow, out back)) && IsReply(back)
            ? back
            : null;
    }

    private void Note(Flow flow, FullFlags flags)
    {
        Dictionary<Flow, FullState> entries = world.Full.ContainsKey(flow) ? world.Full : world.FullNew;
        entries[flow] = entries[flow] with { Flags = entries[flow].Flags | flags };
    }

    private FullState? Recall(ServiceEntry service, Flow flow, PacketKind kind, FullFlags seen, uint named)
    {
        bool isNew = !world.Full.TryGetValue(flow, out FullState there);
        if ((isNew && !world.FullNew.TryGetValue(flow, out there)) || IsReply(there))
        {
            return null;
        }

        bool usable = there.Service == service.Id && IsAlive(there.Backend) && (named == 0 || named == there.Backend);
        if (usable && (isNew || kind == PacketKind.Syn))
        {
            Dictionary<Flow, FullState> entries = isNew ? world.FullNew : world.Full;
            Flow reply = Reverse(there.Becomes);
            usable = entries.TryGetValue(reply, out FullState back) && Reverse(back.Becomes) == flow;
            bool over = ((there.Flags | back.Flags) & FullFlags.Reset) != FullFlags.None
                || (there.Flags & back.Flags & FullFlags.Fin) != FullFlags.None;
            usable &= kind != PacketKind.Syn || !over;
            if (usable && isNew && kind is PacketKind.Segment or PacketKind.Datagram && back.Flags.HasFlag(FullFlags.Answered))
            {
                usable = world.Full.TryAdd(reply, back);
                if (usable)
                {
                    world.Full[flow] = there;
                    world.FullNew.Remove(flow);
                    world.FullNew.Remove(reply);
                }
            }
        }

        if (!usable)
        {
            if (kind != PacketKind.Error)
            {
                Forget(flow, Reverse(there.Becomes));
            }

            return null;
        }

        if (kind != PacketKind.Error)
        {
            Note(flow, seen);
        }

        return there;
    }

    private void Forget(Flow flow, Flow reply)
    {
        foreach (Dictionary<Flow, FullState> entries in (Dictionary<Flow, FullState>[])[world.Full, world.FullNew])
        {
            if (entries.TryGetValue(reply, out FullState back) && Reverse(back.Becomes) == flow)
            {
                entries.Remove(reply);
            }

            entries.Remove(flow);
        }
    }

    /// <summary>The backend that a connection ID names, or the slot rule, for a flow without an entry.</summary>
    private (uint Backend, uint Slot) Choose(ServiceEntry service, Flow flow, PacketKind kind, uint named)
    {
        uint number = (uint)(((ulong)FlowHashModel.Of(flow, service) * service.Slots) >> 32);
        if (named != 0)
        {
            return (named, number);
        }

        if (service.Slots == 0 || !world.Tables.TryGetValue(service.Table, out Slot[]? table) || number >= table.Length)
        {
            return (0, number);
        }

        if (_clients.Ask(service, flow) is { } kept)
        {
            return (kept, number);
        }

        Slot slot = table[number];
        bool opens = kind == PacketKind.Syn || slot.WindowOver
            || (flow.Protocol == TransportProtocol.Udp && Clients.IsSticky(service));
        bool ends = service.Resets && kind == PacketKind.Segment && slot.Previous != 0;
        uint backend = opens ? slot.Current
            : IsAlive(slot.Previous) ? slot.Previous
            : ends ? SlotRule.IsDead
            : slot.Current;
        return (backend, number);
    }

    /// <summary>Why a packet cannot go to a backend; null when it can.</summary>
    public Verdict? Refusal(Frame frame, uint index)
    {
        if (index == 0
            || !world.Backends.TryGetValue(index, out BackendEntry? backend)
            || frame.V6 != (backend.Address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return Verdict.DropNoBackend;
        }

        return backend.NextHop is null ? Verdict.DropNoNextHop
            : frame.Ttl <= 1 ? Verdict.DropTtl
            : frame.IpLength > backend.NextHop.Mtu ? Verdict.DropTooBig
            : null;
    }

    /// <summary>A new flow, with the first port of those that its hash names that nobody has; null for none.</summary>
    private FullState? Begin(ServiceEntry service, Flow flow, BackendEntry backend, uint index, uint slot)
    {
        FullNatSource[] sources = [.. world.Sources
            .Where(source => source.Address.AddressFamily == flow.Vip.AddressFamily)
            .OrderBy(source => Convert.ToHexString(source.Address.GetAddressBytes()), StringComparer.Ordinal)];
        ulong mixed = FlowHashModel.Of(flow, service.Seed);
        ushort to = backend.Port == 0 ? flow.VipPort : backend.Port;
        for (uint i = 1; sources.Length > 0 && i <= 32; i++)
        {
            mixed = FlowHashModel.Absorb(mixed, i);
            FullNatSource source = sources[(int)(mixed % 64) % sources.Length];
            ushort port = (ushort)(source.First + (((mixed >> 32) * (ulong)source.Ports) >> 32));
            Flow reply = new(backend.Address, to, source.Address, port, flow.Protocol);
            bool taken = world.Full.ContainsKey(reply)
                || (world.FullNew.TryGetValue(reply, out FullState other) && Reverse(other.Becomes) != flow);
            if (!taken)
            {
                var there = new FullState(Reverse(reply), index, service.Id, slot, FullFlags.None);
                world.FullNew[reply] = there with { Becomes = Reverse(flow), Flags = FullFlags.Reply };
                world.FullNew[flow] = there;
                tally.Service(service.Id, t => t with { Tracked = t.Tracked + 1 });
                return there;
            }
        }

        return null;
    }

    private Outcome DropTtl(Frame frame, FullState back)
    {
        tally.Count(Verdict.DropTtl, frame.Bytes.Length);
        tally.Service(back.Service, t => t with { Dropped = t.Dropped.Plus(frame.Bytes.Length) });
        return new Outcome(XdpAction.Drop, frame.Bytes);
    }
}
