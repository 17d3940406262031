using System.Globalization;
using System.Net;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Commands;

/// <summary>Says the parts of an explanation in words.</summary>
internal sealed class FlowWords(FlowExplanation explained)
{
    private readonly FlowTrace _trace = explained.Trace;

    /// <summary>The five-tuple.</summary>
    public string Flow => $"{Api.Word.Of(_trace.Flow.Protocol)} "
        + $"{new IPEndPoint(_trace.Flow.Source, _trace.Flow.SourcePort)} → "
        + $"{new IPEndPoint(_trace.Flow.Vip, _trace.Flow.VipPort)}";

    /// <summary>Name of the service.</summary>
    public string Service => explained.Story?.Service
        ?? (_trace.Service is { } service ? $"service {service.Id} of the kernel" : "none");

    /// <summary>A backend by its index, with its name where that is known.</summary>
    public string Backend(uint index) => index == 0 ? "none"
        : explained.SocketOf(index) is not { } socket ? $"backend {index}, which is not in use"
        : explained.Story?.Find(socket) is { } known ? Backend(known)
        : $"{socket}";

    /// <summary>A backend with its name.</summary>
    public static string Backend(StoryBackend backend) => $"{backend.Name} ({backend.Socket})";

    /// <summary>Where packets are taken from.</summary>
    public string Hook => explained.Attachments.IsEmpty ? $"{HookName}, on no interface"
        : _trace.Service is { ByTc: true } ? $"tc: {string.Join(", ", explained.Attachments.Select(a => a.Interface))}"
        : $"xdp: {string.Join(", ", explained.Attachments.Select(a => $"{a.Interface} {Api.Word.Of(a.Xdp)}"))}";

    /// <summary>The hook by its name in the configuration.</summary>
    public string HookName => _trace.Service is { ByTc: true } ? "tc" : "xdp";

    /// <summary>An entry holds: it is of this service, and its backend is alive.</summary>
    public bool IsUsed(FlowRecord entry) =>
        entry.Service == _trace.Service?.Id && _trace.Backends.GetValueOrDefault(entry.Backend) is { Alive: true };

    /// <summary>What the slot holds.</summary>
    public string Slot
    {
        get
        {
            if (_trace.Slot is not { } slot)
            {
                return "no slot: the service has no table";
            }

            string current = Backend(slot.Current);
            if (slot.IsClean)
            {
                return $"{current}; clean";
            }

            string moved = $"{current}; moved, older flows at {Backend(slot.Previous)}"
                + (slot.WindowOver ? ", and the time for unknown ones is over: they count as new"
                    : _trace.Flow.Protocol == TransportProtocol.Udp ? ", inside of the UDP window: unknown flows count as older"
                    : "");
            return explained.Story is { MovedFor: { } since } story
                ? $"{moved}; {Seconds(since)} ago; {Until(story.Memory - since)}"
                : moved;
        }
    }

    /// <summary>Whether the flow is tracked, and with which backend.</summary>
    public string Tracked => (_trace.Established, _trace.Pending) switch
    {
        ({ } established, _) => Entry(established, "established"),
        (_, { } pending) => Entry(pending, "pending"),
        _ when _trace.Service?.Tracking == Tracking.None => "no: the service tracks none",
        _ when _trace.Slot is { IsClean: true } && _trace.Service?.Tracking == Tracking.Minimal =>
            "no: on a clean slot the table alone decides",
        _ => "no",
    };

    /// <summary>What the flow's client keeps; null where no client does.</summary>
    public string? Client => _trace.Service is not { AffinityPrefix: { } prefix, AffinityTicks: > 0 and var ticks } ? null
        : _trace.Client is not { } client ? "keeps no backend yet"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{client.Client}/{prefix} keeps {Backend(client.Backend)}, idle for {Seconds(KeptClient.Time(client.Idle))} of {Seconds(KeptClient.Time(ticks))}")
            + (client.Idle > ticks ? "; not used: its time is over"
                : _trace.Backends.GetValueOrDefault(client.Backend) is { Alive: true } ? ""
                : "; not used: its backend is gone");

    /// <summary>What becomes of a kind of packet.</summary>
    public string Choice(FlowChoice choice)
    {
        string where = choice.Verdict switch
        {
            Verdict.Forward when choice.Reason == FlowReason.Relayed => "to the service's relay",
            Verdict.Forward => $"to {Backend(choice.Backend)}",
            Verdict.DropNoNextHop => $"dropped, dropNoNextHop: how to reach {Backend(choice.Backend)} is not known",
            Verdict.TcpReset => "answered by a RST, tcpReset",
            _ => "dropped, dropNoBackend",
        };
        string text = choice.Reason == FlowReason.Relayed && choice.Backend != 0
            ? $"{where}, which connects a new connection to {Backend(choice.Backend)}"
            : $"{where}: {Reason(choice.Reason)}";
        if (!choice.Remembers)
        {
            return text;
        }

        return choice.Unremembered is not { } otherwise
            ? $"{text}; will be remembered"
            : otherwise.Verdict != Verdict.Forward && otherwise.Backend == 0
                ? $"{text}; will be remembered, or be dropped while kernel.insert-rate is spent"
            : $"{text}; will be remembered, or go to {Backend(otherwise.Backend)} while kernel.insert-rate is spent";
    }

    /// <summary>Name of a kind of packet.</summary>
    public string Packet(FlowPacket packet) => packet switch
    {
        FlowPacket.Syn => IsSctp ? "An INIT goes" : "A SYN goes",
        FlowPacket.Segment => $"Other {Others} go",
        _ => "A datagram goes",
    };

    /// <summary>What begins a flow.</summary>
    public string Opening => IsSctp ? "an INIT" : "a SYN";

    /// <summary>What else a flow has.</summary>
    public string Others => IsSctp ? "packets" : "segments";

    private bool IsSctp => _trace.Flow.Protocol == TransportProtocol.Sctp;

    /// <summary>What probes say of a backend.</summary>
    public static string Health(StoryBackend backend) => backend switch
    {
        { State: BackendState.Disabled } => $"{backend.Name} is disabled",
        { Checked: false } => $"{backend.Name} is {Api.Word.Of(backend.State)}: it is not checked and counts as up",
        { Since: { } since } =>
            $"{backend.Name} is {Api.Word.Of(backend.State)}: {Api.Word.Of(backend.Verdict)} by its probes since {Time(since)}",
        _ => $"{backend.Name} is {Api.Word.Of(backend.State)}: {Api.Word.Of(backend.Verdict)}, as it was when lbd started",
    };

    /// <summary>A time as people read it.</summary>
    public static string Time(DateTimeOffset when) =>
        when.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Entry(FlowRecord entry, string table) =>
        $"yes, {table}: {Backend(entry.Backend)}, slot {entry.Slot}, idle for {Seconds(entry.Idle)}"
        + (IsUsed(entry) ? "" : "; not used: its service or backend is gone")
        + (_trace.Slot is { IsClean: true } && _trace.Service?.Tracking == Tracking.Minimal
            ? "; not looked at, the slot is clean" : "");

    private string Reason(FlowReason reason) => reason switch
    {
        FlowReason.Relayed => "which has no backend and refuses connections",
        FlowReason.NoTable => "the service has no table",
        FlowReason.CleanSlot => "the slot is clean",
        FlowReason.NoTracking => "the service tracks no flow",
        FlowReason.Established => "the flow is tracked",
        FlowReason.Pending => IsSctp ? "the flow's INIT is tracked" : "the flow's SYN is tracked",
        FlowReason.Client => "its client keeps that backend",
        FlowReason.NewFlow => "a new flow on a moved slot",
        FlowReason.Older => "not tracked, so older than the slot's change",
        FlowReason.PreviousDead => "older than the slot's change, whose previous backend is dead",
        FlowReason.DeadBackend => "the flow's backend is dead, and dead-flows = reset",
        FlowReason.DeadPrevious => "older than the slot's change, whose previous backend is dead, and dead-flows = reset",
        FlowReason.WindowOver => "the time in which unknown flows count as older is over",
        _ => "no service",
    };

    private static string Until(TimeSpan left) => left > TimeSpan.Zero
        ? $"can be clean in {Seconds(left)}"
        : "can be clean when no tracked flow needs it";

    private static string Seconds(TimeSpan time) =>
        time.TotalMinutes >= 2 ? $"{time.TotalMinutes:0} min" : $"{Math.Max(time.TotalSeconds, 0):0} s";
}
