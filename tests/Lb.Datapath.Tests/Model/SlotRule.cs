using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

internal enum PacketKind
{
    /// <summary>TCP with SYN and without ACK, or SCTP with INIT: a new flow.</summary>
    Syn,

    /// <summary>Any other TCP segment or SCTP packet.</summary>
    Segment,

    Datagram,

    /// <summary>An ICMP error about a flow: finds it, and leaves no state behind.</summary>
    Error,
}

/// <summary>Finds the backend of a flow: the slot, and the flow table where the rule asks for it.</summary>
internal sealed class SlotRule(World world, Tally tally)
{
    /// <summary>In place of an index: the flow's backend is dead, and its client is to be told.</summary>
    public const uint IsDead = uint.MaxValue;

    /// <summary>In place of an index: a SYN that could not be remembered, and so would look dead later.</summary>
    private const uint IsLost = uint.MaxValue - 1;

    private readonly Clients _clients = new(world);

    /// <summary>The backend's index, 0 when there is none.</summary>
    public uint Select(ServiceEntry service, Flow flow, PacketKind kind)
    {
        if (service.Slots == 0 || !world.Tables.TryGetValue(service.Table, out Slot[]? table))
        {
            return 0;
        }

        uint index = (uint)(((ulong)FlowHashModel.Of(flow, service) * service.Slots) >> 32);
        if (index >= table.Length)
        {
            return 0;
        }

        Slot slot = table[index];
        bool looksUp = service.Tracking switch
        {
            Tracking.Full => true,
            Tracking.Minimal => !slot.IsClean,
            _ => false,
        };
        if (!looksUp)
        {
            return slot.Current;
        }

        bool ends = service.Resets && flow.Protocol != TransportProtocol.Udp;
        return Known(service, flow, kind, index)
            ?? (ends && kind != PacketKind.Syn && (NamesDead(world.Flows, service, flow) || NamesDead(world.Pending, service, flow))
                ? IsDead
                : Unknown(service, flow, kind, slot, index));
    }

    private bool NamesDead(Dictionary<Flow, FlowState> flows, ServiceEntry service, Flow flow) =>
        flows.TryGetValue(flow, out FlowState entry) && entry.Service == service.Id && !IsAlive(entry.Backend);

    private bool IsAlive(uint backend) => world.Backends.TryGetValue(backend, out BackendEntry? b) && b.Alive;

    /// <summary>What the flow tables hold for the flow, while that may still be used.</summary>
    private uint? Known(ServiceEntry service, Flow flow, PacketKind kind, uint index)
    {
        if (Usable(world.Flows, service, flow) is { } established)
        {
            if (kind != PacketKind.Error)
            {
                _clients.Note(service, flow, established.Backend);
            }

            return established.Backend;
        }

        if (flow.Protocol == TransportProtocol.Udp || Usable(world.Pending, service, flow) is not { } pending)
        {
            return null;
        }

        if (kind == PacketKind.Segment)
        {
            world.Flows[flow] = pending with { Slot = index };
            world.Pending.Remove(flow);
            world.Tell(new FlowNews(flow, service.Id, pending.Backend, FlowNewsKind.Opened));
            _clients.Note(service, flow, pending.Backend);
        }

        return pending.Backend;
    }

    private FlowState? Usable(Dictionary<Flow, FlowState> flows, ServiceEntry service, Flow flow) =>
        flows.TryGetValue(flow, out FlowState entry) && entry.Service == service.Id && IsAlive(entry.Backend)
            ? entry
            : null;

    private uint Unknown(ServiceEntry service, Flow flow, PacketKind kind, Slot slot, uint index)
    {
        bool windowOver = slot.WindowOver;
        uint? kept = _clients.Ask(service, flow);
        bool ends = service.Resets && flow.Protocol != TransportProtocol.Udp && slot.Previous != 0;
        uint older = kept ?? (IsAlive(slot.Previous) ? slot.Previous : ends ? IsDead : slot.Current);
        // Of a client that keeps nothing there was no flow that a datagram could be of.
        bool opens = kind == PacketKind.Syn || windowOver
            || (flow.Protocol == TransportProtocol.Udp && Clients.IsSticky(service));
        uint chosen = opens ? kept ?? slot.Current : older;
        bool remembers = kind switch
        {
            PacketKind.Error => false,
            PacketKind.Datagram => !windowOver || world.IsShared || service.Tracking == Tracking.Full,
            _ => true,
        };
        if (chosen is 0 or IsDead || !remembers || Remember(service, kind, flow, new FlowState(chosen, service.Id, index)))
        {
            return chosen;
        }

        // A new flow that cannot be remembered goes where its next packets will go.
        return kind != PacketKind.Syn || windowOver ? chosen : older == IsDead ? IsLost : older;
    }

    private bool Remember(ServiceEntry service, PacketKind kind, Flow flow, FlowState entry)
    {
        if (!world.SpendBudget())
        {
            tally.Service(service.Id, t => t with { Untracked = t.Untracked + 1 });
            return false;
        }

        (kind == PacketKind.Syn ? world.Pending : world.Flows)[flow] = entry;
        tally.Service(service.Id, t => t with { Tracked = t.Tracked + 1 });
        if (kind != PacketKind.Syn)
        {
            world.Tell(new FlowNews(flow, service.Id, entry.Backend, FlowNewsKind.Found));
            _clients.Note(service, flow, entry.Backend);
        }

        return true;
    }
}
