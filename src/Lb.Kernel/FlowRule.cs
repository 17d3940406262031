using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>What a packet tells about its flow.</summary>
public enum FlowPacket
{
    /// <summary>TCP, SYN without ACK, or SCTP, INIT: a new flow.</summary>
    Syn,

    /// <summary>TCP or SCTP, anything else.</summary>
    Segment,

    /// <summary>UDP.</summary>
    Datagram,
}

/// <summary>What decides where a packet goes.</summary>
public enum FlowReason
{
    /// <summary>Its destination, port and protocol are no service.</summary>
    NoService,

    /// <summary>The service's relay gets the packet; a connection goes to the slot's current backend.</summary>
    Relayed,

    /// <summary>The service has no table, or none as large as it says.</summary>
    NoTable,

    /// <summary>The slot is clean: its current backend.</summary>
    CleanSlot,

    /// <summary>The service remembers no flow: the slot's current backend.</summary>
    NoTracking,

    /// <summary>The flow's entry among the established flows.</summary>
    Established,

    /// <summary>The flow's entry among the flows of which only the SYN, or the INIT, was seen.</summary>
    Pending,

    /// <summary>Not known, and its client keeps a backend.</summary>
    Client,

    /// <summary>A new flow: the slot's current backend.</summary>
    NewFlow,

    /// <summary>Older than the slot's change: its previous backend.</summary>
    Older,

    /// <summary>Older than the slot's change, and its previous backend is dead: the current one.</summary>
    PreviousDead,

    /// <summary>The time in which an unknown flow counts as older than the slot's change is over: the current one.</summary>
    WindowOver,

    /// <summary>The service resets, and the flow's entry names a backend that is dead.</summary>
    DeadBackend,

    /// <summary>The service resets, and the flow is older than the slot's change, whose previous backend is dead.</summary>
    DeadPrevious,
}

/// <summary>What becomes of a packet.</summary>
/// <param name="Reason">What decides.</param>
/// <param name="Backend">Index of the backend that it is for; 0 for none.</param>
/// <param name="Verdict">
/// Whether that backend, or the service's relay, gets it, and why not; null when it passes to the host, uncounted.
/// </param>
/// <param name="Remembers">The program makes an entry for the flow.</param>
/// <param name="Unremembered">
/// What becomes of it if the insert budget is spent and no entry is made; null when that changes nothing.
/// </param>
public sealed record FlowChoice(
    FlowReason Reason, uint Backend, Verdict? Verdict, bool Remembers, FlowChoice? Unremembered);

/// <summary>
/// The slot rule, as the programs follow it (<c>bpf/lib/slot.h</c>), on what was read of the kernel. Pure. What depends
/// on the single packet is not in it: its length, its TTL, damage, the backend that its QUIC connection ID names.
/// </summary>
public static class FlowRule
{
    /// <summary>What becomes of the next packet of a flow.</summary>
    public static FlowChoice Choose(FlowTrace trace, FlowPacket packet)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (trace.Service is not { } service)
        {
            return new FlowChoice(FlowReason.NoService, 0, null, false, null);
        }

        if (service.Relay.HasFlag(RelayFlags.FullNat) && FullNat(trace, packet) is { } full)
        {
            return full;
        }

        if (service.Mode == ForwardingMode.FullNat && OlderWay(service.Relay) is { } older)
        {
            trace = trace with { Service = service with { Mode = older } };
        }

        if (service.Mode == ForwardingMode.Tproxy)
        {
            return new FlowChoice(
                FlowReason.Relayed, trace.Slot?.Current ?? 0, Verdict.Forward, false, null);
        }

        if (trace.Slot is not { } slot || service.Slots == 0)
        {
            return To(trace, FlowReason.NoTable, 0);
        }

        return service.Tracking switch
        {
            Tracking.None => To(trace, FlowReason.NoTracking, slot.Current),
            Tracking.Minimal when slot.IsClean => To(trace, FlowReason.CleanSlot, slot.Current),
            _ => Recall(trace, packet) ?? Decide(trace, slot, packet),
        };
    }

    /// <summary>The kinds of packets that a flow of a protocol can have.</summary>
    public static IReadOnlyList<FlowPacket> PacketsOf(TransportProtocol protocol) =>
        protocol == TransportProtocol.Udp ? [FlowPacket.Datagram] : [FlowPacket.Syn, FlowPacket.Segment];

    /// <summary>Previous backend of a slot as the programs read it: whatever else is in the field, they cut off.</summary>
    internal static uint Previous(Slot slot) => slot.Previous & ((uint)Limit.BackendLimit - 1);

    /// <summary>
    /// What full-nat does with a packet; null when it is not for full-nat. A SYN on a flow that is over begins another.
    /// </summary>
    private static FlowChoice? FullNat(FlowTrace trace, FlowPacket packet)
    {
        bool begins = packet == FlowPacket.Syn && trace.Full is { End: not FullNatState.Open };
        if (!begins && IsUsable(trace, trace.Full))
        {
            return To(
                trace,
                trace.Full!.Value.Pending ? FlowReason.Pending : FlowReason.Established,
                trace.Full.Value.Backend);
        }

        if (packet == FlowPacket.Segment && IsOfDead(trace, trace.Full))
        {
            return To(trace, FlowReason.DeadBackend, 0);
        }

        ServiceEntry service = trace.Service!;
        if (service.Mode != ForwardingMode.FullNat
            || (packet == FlowPacket.Segment && OlderWay(service.Relay) is not null))
        {
            return null;
        }

        if (trace.Slot is not { } slot || service.Slots == 0)
        {
            return To(trace, FlowReason.NoTable, 0);
        }

        FlowChoice choice = Decide(trace, slot, packet);
        return choice with { Remembers = choice.Verdict == Verdict.Forward, Unremembered = null };
    }

    /// <summary>How flows go that are older than full-nat; null when there are none.</summary>
    private static ForwardingMode? OlderWay(RelayFlags relay) =>
        relay.HasFlag(RelayFlags.OlderIpip) ? ForwardingMode.DsrIpip
        : relay.HasFlag(RelayFlags.OlderL2) ? ForwardingMode.DsrL2
        : relay.HasFlag(RelayFlags.OlderGue) ? ForwardingMode.DsrGue
        : relay.HasFlag(RelayFlags.OlderNat) ? ForwardingMode.Nat
        : null;

    /// <summary>What the flow tables hold, while that may still be used.</summary>
    private static FlowChoice? Recall(FlowTrace trace, FlowPacket packet)
    {
        if (IsUsable(trace, trace.Established))
        {
            return To(trace, FlowReason.Established, trace.Established!.Value.Backend);
        }

        return packet != FlowPacket.Datagram && IsUsable(trace, trace.Pending)
            ? To(trace, FlowReason.Pending, trace.Pending!.Value.Backend)
            : packet == FlowPacket.Segment && (IsOfDead(trace, trace.Established) || IsOfDead(trace, trace.Pending))
            ? To(trace, FlowReason.DeadBackend, 0)
            : null;
    }

    private static FlowChoice Decide(FlowTrace trace, Slot slot, FlowPacket packet)
    {
        uint previous = Previous(slot);
        bool lives = IsAlive(trace, previous);
        uint? kept = Kept(trace);
        uint current = kept ?? slot.Current;
        bool isDead = Ends(trace) && previous != 0 && !lives && kept is null;
        uint older = kept ?? (lives ? previous : isDead ? 0 : slot.Current);
        bool windowOver = slot.WindowOver;
        bool isSticky = trace.Service is { AffinityPrefix: not null, AffinityTicks: > 0 };
        bool opens = packet == FlowPacket.Syn || windowOver || (packet == FlowPacket.Datagram && isSticky);
        FlowReason reason = kept is not null ? FlowReason.Client
            : packet == FlowPacket.Syn ? FlowReason.NewFlow
            : windowOver ? FlowReason.WindowOver
            : slot.IsClean ? FlowReason.CleanSlot
            : opens ? FlowReason.NewFlow
            : lives ? FlowReason.Older
            : isDead ? FlowReason.DeadPrevious
            : FlowReason.PreviousDead;
        FlowChoice choice = To(trace, reason, opens ? current : older);
        // Whether a packet can be sent is found out after its flow was remembered.
        bool remembers = (opens ? current : older) != 0
            && (packet != FlowPacket.Datagram || !windowOver || trace.IsShared
                || trace.Service!.Tracking == Tracking.Full);
        return choice with
        {
            Remembers = remembers,
            // A new flow that cannot be remembered goes where its next packets will go.
            Unremembered = packet != FlowPacket.Syn || windowOver || !remembers || older == choice.Backend ? null
                : isDead ? new FlowChoice(FlowReason.DeadPrevious, 0, Verdict.DropNoBackend, false, null)
                : To(trace, lives ? FlowReason.Older : FlowReason.PreviousDead, older),
        };
    }

    /// <summary>The backend that the flow's client keeps; null for none.</summary>
    private static uint? Kept(FlowTrace trace) =>
        trace is { Client: { } client, Service: { } service }
        && client.Idle <= service.AffinityTicks
        && IsAlive(trace, client.Backend)
            ? client.Backend
            : null;

    private static FlowChoice To(FlowTrace trace, FlowReason reason, uint index) =>
        new(
            reason,
            index,
            index == 0 && Ends(trace) && trace.Flow.Protocol == TransportProtocol.Tcp
                ? Verdict.TcpReset
                : Check(trace, trace.Backends.GetValueOrDefault(index)),
            false,
            null);

    /// <summary>The flow ends with its backend.</summary>
    private static bool Ends(FlowTrace trace) =>
        trace is { Service.Resets: true, Flow.Protocol: not TransportProtocol.Udp };

    private static bool IsOfDead(FlowTrace trace, FlowRecord? entry) =>
        Ends(trace) && entry is { } known && known.Service == trace.Service!.Id && !IsAlive(trace, known.Backend);

    private static Verdict Check(FlowTrace trace, BackendEntry? backend)
    {
        bool fits = backend is not null
            && (trace.Flow.Vip.AddressFamily == backend.Address.AddressFamily
                || trace.Service!.Mode.Crosses(trace.Flow.Vip.AddressFamily));
        return !fits ? Verdict.DropNoBackend
            : backend!.NextHop is null ? Verdict.DropNoNextHop
            : Verdict.Forward;
    }

    private static bool IsUsable(FlowTrace trace, FlowRecord? entry) =>
        entry is { } known && known.Service == trace.Service!.Id && IsAlive(trace, known.Backend);

    private static bool IsAlive(FlowTrace trace, uint index) =>
        trace.Backends.GetValueOrDefault(index) is { Alive: true };
}
