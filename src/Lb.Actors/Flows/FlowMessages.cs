using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Asks where packets of a flow go, and why. Answered by <see cref="FlowExplanation"/> or
/// <see cref="KernelUnavailable"/>.
/// </summary>
public sealed record ExplainFlow(Flow Flow);

/// <summary>
/// Asks for tracked flows. Answered by <see cref="FlowList"/> or <see cref="KernelUnavailable"/>.
/// </summary>
/// <param name="Vip">Those of one service; null for all.</param>
/// <param name="Limit">How many are listed at most.</param>
public sealed record ListFlows(Endpoint? Vip, int Limit);

/// <summary>Tracked flows.</summary>
/// <param name="All">How many there are.</param>
/// <param name="Matching">How many are of the service that was asked for.</param>
/// <param name="Pending">How many of these have sent no more than their SYN.</param>
/// <param name="Flows">Some of them, in no order.</param>
public sealed record FlowList(long All, long Matching, long Pending, ImmutableArray<TrackedFlow> Flows);

/// <summary>A tracked flow.</summary>
/// <param name="Flow">The five-tuple.</param>
/// <param name="Service">Its service; null for one that is gone.</param>
/// <param name="Backend">Its backend; null for one that is gone.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Idle">Time since its last packet, to about a second.</param>
/// <param name="Pending">Only its SYN was seen.</param>
public sealed record TrackedFlow(
    Flow Flow, Endpoint? Service, Endpoint? Backend, uint Slot, TimeSpan Idle, bool Pending)
{
    /// <summary>Address and port of the node that its backend sees; null but for full-nat.</summary>
    public IPEndPoint? SentFrom { get; init; }
}

/// <summary>Asks the kernel about a flow. Answered by <see cref="FlowTraced"/> or <see cref="KernelUnavailable"/>.</summary>
internal sealed record TraceFlow(Flow Flow);

/// <summary>Reply to <see cref="TraceFlow"/>.</summary>
/// <param name="Trace">What the kernel holds for it.</param>
/// <param name="Service">Counters of its service.</param>
/// <param name="Backends">Counters of the backends in the trace, by index.</param>
/// <param name="Attachments">Interfaces that packets are taken from.</param>
internal sealed record FlowTraced(
    FlowTrace Trace,
    Traffic Service,
    ImmutableDictionary<uint, Traffic> Backends,
    ImmutableArray<Attachment> Attachments);
