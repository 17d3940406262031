using System.Collections.Immutable;
using Lb.Actors;

namespace Lb.Host.Api;

/// <summary>A service.</summary>
/// <param name="Name">Name in the configuration.</param>
/// <param name="Vip">Its address, or its prefix: 203.0.113.0/24.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="Port">Its port, of a range the first one.</param>
/// <param name="Mode">Forwarding mode, as it is configured.</param>
/// <param name="Tracking">Which flows are remembered, as it is configured.</param>
/// <param name="FlowLog">Which flows are logged, as it is configured: off, sampled or full.</param>
/// <param name="Generation">Number of its table on this node.</param>
/// <param name="InKernel">The kernel holds this generation, and it is by the newest config.</param>
/// <param name="Problem">Why the kernel does not.</param>
/// <param name="Digest">Fingerprint of the table: equal on every node that has the same one.</param>
/// <param name="Slots">Slots of the table; 0 while there is no backend.</param>
/// <param name="MovedSlots">Slots that still have older flows elsewhere.</param>
/// <param name="TrackedFlows">Flows in the flow table at the last sweep.</param>
/// <param name="Counters">What it carried.</param>
/// <param name="Backends">Its pool; backends that left the configuration and still have flows are last.</param>
internal sealed record ServiceResource(
    string Name,
    string Vip,
    string Protocol,
    int Port,
    string Mode,
    string Tracking,
    string FlowLog,
    long Generation,
    bool InKernel,
    string? Problem,
    string Digest,
    int Slots,
    int MovedSlots,
    int TrackedFlows,
    CountersResource Counters,
    ImmutableArray<BackendResource> Backends)
{
    /// <summary>Its ports where it has more than one: 5000-5999, or * for all; null for a single one.</summary>
    public string? Ports { get; init; }

    /// <summary>Its relay; null for a mode that has none.</summary>
    public RelayResource? Relay { get; init; }

    /// <summary>
    /// Which part of its pool takes new flows: usual, those that are up; backups, last-resort ones, as no other is up; panic, all
    /// enabled ones, as less of them than panic-threshold is up.
    /// </summary>
    public required string Pool { get; init; }

    /// <summary>What becomes of TCP flows whose backend is dead: rehash or reset.</summary>
    public required string DeadFlows { get; init; }

    /// <summary>Mode of flows from before its last change, while there may be any; null otherwise.</summary>
    public string? OlderMode { get; init; }

    public static ServiceResource From(ServiceSnapshot service) => new(
        service.Name,
        service.Vip.AddressText,
        Word.Of(service.Vip.Protocol),
        service.Vip.Port,
        Word.OfMode(service.Mode),
        Word.Of(service.Tracking),
        Word.Of(service.Logging),
        service.Revision,
        service.InKernel,
        service.Problem,
        service.Digest,
        service.Slots,
        service.MovedSlots,
        service.TrackedFlows,
        CountersResource.From(service.Traffic),
        [.. service.Backends.Select(BackendResource.From)])
    {
        Ports = service.Vip.LastPort == 0 ? null : service.Vip.PortText,
        Pool = Word.Of(service.Use),
        DeadFlows = Word.Of(service.DeadFlows),
        Relay = service.Relay is { } relay ? RelayResource.From(relay) : null,
        OlderMode = service.Older is { } older ? Word.OfMode(older) : null,
    };
}

/// <summary>Ports of full-nat towards one backend, as the last sweep of flows saw them.</summary>
/// <param name="Used">In use: one for each flow.</param>
/// <param name="Room">That the node has for it.</param>
internal sealed record FullNatPortsResource(int Used, int Room);

/// <summary>A backend of a service.</summary>
/// <param name="Name">Name in the configuration.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Weight">Configured weight.</param>
/// <param name="State">checking, up, down, draining or disabled.</param>
/// <param name="Admin">What the operator wants: enabled, drain or disabled.</param>
/// <param name="Configured">False for one that left the configuration and finishes its flows.</param>
/// <param name="Slots">Slots that send it new flows.</param>
/// <param name="Share">The same as a share of the table, 0 to 1.</param>
/// <param name="Counters">What it carried.</param>
/// <param name="Drain">What is left of it while it takes no new flows; null otherwise.</param>
internal sealed record BackendResource(
    string Name,
    string Address,
    int Port,
    int Weight,
    string State,
    string Admin,
    bool Configured,
    int Slots,
    double Share,
    CountersResource Counters,
    DrainResource? Drain)
{
    /// <summary>Share of its weight that it has while it comes up slowly (slow-start), 0 to 1; null when it has all.</summary>
    public double? SlowStart { get; init; }

    /// <summary>It is a last resort: it gets new flows only while no other backend is up.</summary>
    public bool Backup { get; init; }

    /// <summary>What the QUIC connection IDs that it issues have in common, in hexadecimal; null where they say nothing.</summary>
    public string? ServerId { get; init; }

    /// <summary>Its ports of full-nat on this node; null for a service that has no flow of that mode.</summary>
    public FullNatPortsResource? FullNatPorts { get; init; }

    /// <summary>What the service's relay carried for it; null for a mode that has none.</summary>
    public RelayCountsResource? Relay { get; init; }

    /// <summary>What the relay holds of it because of failures it saw; null when it has never ejected it.</summary>
    public OutlierResource? Outlier { get; init; }

    public static BackendResource From(BackendSnapshot backend) => new(
        backend.Name,
        backend.Address.ToString(),
        backend.Port,
        backend.Weight,
        Word.Of(backend.State),
        Word.Of(backend.Admin),
        !backend.Leftover,
        backend.Slots,
        backend.Share,
        CountersResource.From(backend.Traffic),
        backend.State == BackendState.Draining
            ? new DrainResource(backend.PreviousSlots, backend.Relay is { } drained ? (int)drained.Open : backend.TrackedFlows)
            {
                Since = backend.DrainSince,
                Deadline = backend.DrainEnd,
                Over = backend.DrainOver,
            }
            : null)
    {
        FullNatPorts = backend.Ports is { } ports ? new FullNatPortsResource(ports.Used, ports.Room) : null,
        Backup = backend.Backup,
        ServerId = backend.ServerId?.ToString(),
        SlowStart = backend.Ramp,
        Outlier = OutlierResource.From(backend.Outlier),
        Relay = backend.Relay is { } relay ? RelayCountsResource.From(relay) : null,
    };
}

/// <summary>Progress of a drain: it is over when both are 0.</summary>
/// <param name="PreviousSlots">Slots that still send it flows older than the drain.</param>
/// <param name="TrackedFlows">Its flows in the flow table at the last sweep; of a relayed service its open connections.</param>
internal sealed record DrainResource(int PreviousSlots, int TrackedFlows)
{
    /// <summary>Since when.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When its time is over; null where it has all the time. What becomes of flows that are left then is drain.then.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Its time is over, and flows that were left are ended.</summary>
    public bool Over { get; init; }
}
