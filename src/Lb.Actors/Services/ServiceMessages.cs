using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Takes another config of the same VIP.</summary>
/// <param name="Config">The service.</param>
/// <param name="Flows">How flows are swept.</param>
/// <param name="Revision">Revision of the site; 0 while it has none.</param>
/// <param name="TableSize">Slots of its table by the journal; 0 while they are not known.</param>
internal sealed record ConfigureService(ServiceConfig Config, FlowsConfig Flows, long Revision, int TableSize)
{
    /// <summary>Since when backends drain, by the journal.</summary>
    public ImmutableDictionary<Endpoint, DateTimeOffset> Drains { get; init; } = ImmutableDictionary<Endpoint, DateTimeOffset>.Empty;
}

/// <summary>Asks a service for its state.</summary>
internal sealed record GetService;

/// <summary>A service, as operators see it.</summary>
/// <param name="Name">Name in the config.</param>
/// <param name="Vip">VIP, protocol and port.</param>
/// <param name="Mode">Forwarding mode.</param>
/// <param name="Tracking">Which flows are remembered.</param>
/// <param name="Revision">Number of its generation on this node.</param>
/// <param name="Written">Revision that the kernel holds.</param>
/// <param name="Problem">Why the kernel does not hold the newest; null when it does.</param>
/// <param name="Digest">Fingerprint of the slots' assignment.</param>
/// <param name="Slots">Number of slots; 0 while there is no backend.</param>
/// <param name="MovedSlots">Slots that still have older flows elsewhere.</param>
/// <param name="TrackedFlows">Flows in the flow table at the last sweep.</param>
/// <param name="Traffic">Counters; zero while the kernel does not answer.</param>
/// <param name="Backends">Pool, leftovers last.</param>
public sealed record ServiceSnapshot(
    string Name,
    Endpoint Vip,
    ForwardingMode Mode,
    Tracking Tracking,
    long Revision,
    long Written,
    string? Problem,
    string Digest,
    int Slots,
    int MovedSlots,
    int TrackedFlows,
    Traffic Traffic,
    ImmutableArray<BackendSnapshot> Backends)
{
    /// <summary>Its relay; null for a service that has none.</summary>
    public RelaySnapshot? Relay { get; init; }

    /// <summary>Which of its flows are logged.</summary>
    public FlowLogging Logging { get; init; }

    /// <summary>What becomes of TCP flows whose backend is dead.</summary>
    public DeadFlows DeadFlows { get; init; }

    /// <summary>Which part of its pool takes new flows.</summary>
    public PoolUse Use { get; init; }

    /// <summary>Tracked flows that were ended since lbd started, as their backends had had their time to drain.</summary>
    public long DrainEnded { get; init; }

    /// <summary>How it is to use its pool.</summary>
    public PoolPolicy Pool { get; init; } = PoolPolicy.Default;

    /// <summary>Its config has changed, and no table by it is built yet.</summary>
    public bool Changing { get; init; }

    /// <summary>Whether the kernel holds its newest table, by its newest config.</summary>
    public bool InKernel => Revision > 0 && Written == Revision && !Changing;

    /// <summary>Mode of flows from before its last change, while there may be any; null otherwise.</summary>
    public ForwardingMode? Older { get; init; }
}

/// <summary>A backend, as operators see it.</summary>
/// <param name="Name">Name in the config.</param>
/// <param name="Address">Address.</param>
/// <param name="Port">Port.</param>
/// <param name="State">State.</param>
/// <param name="Admin">What the operator wants.</param>
/// <param name="Leftover">It has left the config and finishes its flows.</param>
/// <param name="Weight">Configured weight.</param>
/// <param name="Slots">Slots that send it new flows.</param>
/// <param name="Share">The same as a share of the table, 0 to 1.</param>
/// <param name="PreviousSlots">Moved slots that still send it older flows.</param>
/// <param name="TrackedFlows">Its flows in the flow table at the last sweep.</param>
/// <param name="Traffic">Counters; zero while the kernel does not answer.</param>
public sealed record BackendSnapshot(
    string Name,
    IPAddress Address,
    ushort Port,
    BackendState State,
    BackendAdmin Admin,
    bool Leftover,
    int Weight,
    int Slots,
    double Share,
    int PreviousSlots,
    int TrackedFlows,
    Traffic Traffic)
{
    /// <summary>It gets new flows only while no other backend is up.</summary>
    public bool Backup { get; init; }

    /// <summary>What the QUIC connection IDs that it issues have in common; null where they say nothing.</summary>
    public ServerId? ServerId { get; init; }

    /// <summary>Its ports of full-nat on this node at the last sweep; null for a service that has none.</summary>
    public FullNatPorts? Ports { get; init; }

    /// <summary>What the service's relay carried for it; null where there is none.</summary>
    public RelayCounts? Relay { get; init; }

    /// <summary>What the relay holds of it because of what it saw; null when it has never ejected it.</summary>
    public RelayOutlierReport? Outlier { get; init; }

    /// <summary>When what is left of its drain is reset; null when it has all the time, or does not drain.</summary>
    public DateTimeOffset? DrainEnd { get; init; }

    /// <summary>Share of its weight that it has while it comes up slowly, 0 to 1; null when it has all.</summary>
    public double? Ramp { get; init; }

    /// <summary>Since when it drains; null when it does not.</summary>
    public DateTimeOffset? DrainSince { get; init; }

    /// <summary>It has had its time, and the flows that were left are ended.</summary>
    public bool DrainOver { get; init; }
}
