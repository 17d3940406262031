using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How the bridge gets on with the kernel.</summary>
public enum KernelHealth
{
    /// <summary>Has not read the kernel yet.</summary>
    Starting,

    /// <summary>The kernel holds what is desired.</summary>
    Good,

    /// <summary>The kernel refused a call; it is tried again.</summary>
    Failing,
}

/// <summary>What the kernel counts, and how the bridge gets on with it.</summary>
/// <param name="Health">State.</param>
/// <param name="Problem">What the kernel refused last; null when all is good.</param>
/// <param name="Drifts">Times that the kernel was found to differ.</param>
/// <param name="Attachments">Interfaces and how the program is attached.</param>
/// <param name="Verdicts">Packets by verdict.</param>
public sealed record KernelSnapshot(
    KernelHealth Health,
    string? Problem,
    int Drifts,
    ImmutableArray<Attachment> Attachments,
    ImmutableSortedDictionary<Verdict, Counter> Verdicts)
{
    /// <summary>Why XDP does not serve, so that all services are forwarded at traffic control; null when it does.</summary>
    public string? WhyNotXdp { get; init; }

    /// <summary>Counters of the flow log.</summary>
    public FlowLogCounts FlowLog { get; init; }

    /// <summary>The maps of flows at the last check; empty before the first.</summary>
    public ImmutableArray<FlowTablePressure> FlowTables { get; init; } = [];

    /// <summary>How packets are spread over CPUs; null while they are not.</summary>
    public SpreadPressure? Spread { get; init; }

    /// <summary>What full-nat has in use; null where the node has no address for it and no flow.</summary>
    public FullNatUse? FullNat { get; init; }
}

/// <summary>The bridge has read the kernel, at the start or after a crash, and needs to be told what is desired.</summary>
internal sealed record BridgeReady;

/// <summary>What the site as a whole asks of the kernel.</summary>
/// <param name="Vips">VIPs of all services; others are removed.</param>
/// <param name="Direct">Configured prefixes that nat leaves alone; the node's own addresses are added.</param>
/// <param name="CheckInterval">Time between two read-backs.</param>
/// <param name="PurgeInterval">Time between two looks for flows of what is gone.</param>
internal sealed record ConfigureKernel(
    ImmutableHashSet<Endpoint> Vips, ImmutableHashSet<IPNetwork> Direct, TimeSpan CheckInterval, TimeSpan PurgeInterval)
{
    /// <summary>Sampled services log one flow in so many.</summary>
    public int LogSample { get; init; } = SiteConfig.DefaultLogSample;

    /// <summary>How long flows of full-nat may be silent.</summary>
    public FullNatTimes FullNat { get; init; } = FullNatTimes.None;

    /// <summary>What services and backends are called.</summary>
    public SiteNames Names { get; init; } = SiteNames.None;
}

/// <summary>Takes a service over from the kernel, or from a crashed owner. The sender becomes its owner.</summary>
internal sealed record Adopt(Endpoint Vip);

/// <summary>Reply to <see cref="Adopt"/>.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Held">What the kernel holds for it; null when nothing.</param>
internal sealed record Adopted(Endpoint Vip, DesiredService? Held);

/// <summary>Asks for a service's state in the kernel. Only its owner's word counts.</summary>
internal sealed record ApplyService(DesiredService Desired);

/// <summary>The kernel holds this revision of a service.</summary>
internal sealed record ServiceWritten(Endpoint Vip, long Revision);

/// <summary>The kernel does not hold this revision.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Reason">Why.</param>
internal sealed record ServiceNotWritten(Endpoint Vip, long Revision, string Reason);

/// <summary>Asks for the tracked flows of a service.</summary>
internal sealed record GetFlows(Endpoint Vip);

/// <summary>Reply to <see cref="GetFlows"/>.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Revision">Revision that the kernel held when they were read.</param>
/// <param name="Flows">Its flows; backends in the ids of that revision, 0 for one that is not in it.</param>
internal sealed record FlowsRead(Endpoint Vip, long Revision, IReadOnlyList<FlowRecord> Flows);

/// <summary>Forgets flows.</summary>
internal sealed record DeleteFlows(ImmutableArray<Flow> Flows);

/// <summary>Asks for counters.</summary>
internal sealed record GetKernel;

/// <summary>Reply to <see cref="GetKernel"/>.</summary>
/// <param name="Kernel">The public part.</param>
/// <param name="Services">Counters by VIP.</param>
/// <param name="Backends">Counters by backend.</param>
internal sealed record KernelCounters(
    KernelSnapshot Kernel,
    IReadOnlyDictionary<Endpoint, Traffic> Services,
    IReadOnlyDictionary<BackendKey, Traffic> Backends)
{
    /// <summary>What intercepts relayed services.</summary>
    public ImmutableDictionary<Endpoint, InterceptionChoice> Interceptions { get; init; } =
        ImmutableDictionary<Endpoint, InterceptionChoice>.Empty;
}
