using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>What was relayed, since the relay was made.</summary>
/// <param name="Connections">Connections that reached a backend; of a backend those that reached it.</param>
/// <param name="Open">Those that are open now.</param>
/// <param name="BytesToBackend">Payload from clients.</param>
/// <param name="BytesToClient">Payload from backends.</param>
/// <param name="ConnectFailures">Attempts to connect to a backend that failed or took too long.</param>
public readonly record struct RelayCounts(
    long Connections, long Open, long BytesToBackend, long BytesToClient, long ConnectFailures);

/// <summary>The counters of a relay.</summary>
/// <param name="Total">Of the service.</param>
/// <param name="Refused">Connections that were reset because no backend could be reached.</param>
/// <param name="Idle">Connections that were reset because they had been idle for too long.</param>
/// <param name="Backends">By backend: those of the table, and those that still have connections.</param>
public sealed record RelayReport(
    RelayCounts Total, long Refused, long Idle, ImmutableDictionary<Endpoint, RelayCounts> Backends)
{
    /// <summary>Datagrams, of a UDP service; null for others.</summary>
    public DatagramCounts? Datagrams { get; init; }

    /// <summary>Nothing yet.</summary>
    public static RelayReport None { get; } = new(default, 0, 0, ImmutableDictionary<Endpoint, RelayCounts>.Empty);

    /// <summary>Connections that were ended before a backend was chosen, by reason; one without any is not there.</summary>
    public ImmutableSortedDictionary<RelayRejection, long> Rejected { get; init; } =
        ImmutableSortedDictionary<RelayRejection, long>.Empty;

    /// <summary>How many connections ended for which reason.</summary>
    public ImmutableSortedDictionary<RelayEnd, long> Ends { get; init; } =
        ImmutableSortedDictionary<RelayEnd, long>.Empty;

    /// <summary>What the kernel carries; null where it is asked for nothing.</summary>
    public RelaySockmapReport? Sockmap { get; init; }

    /// <summary>How often connections had to wait because a limit was reached.</summary>
    public long Held { get; init; }

    /// <summary>Backends that were ejected at least once.</summary>
    public ImmutableDictionary<Endpoint, RelayOutlierReport> Outliers { get; init; } =
        ImmutableDictionary<Endpoint, RelayOutlierReport>.Empty;
}
