using System.Collections.Immutable;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Api;

/// <summary>The relay of a service.</summary>
/// <param name="Counts">What it carried since it was started.</param>
/// <param name="Refused">Connections reset because no backend could be reached.</param>
/// <param name="Idle">Connections reset because they were idle for too long.</param>
/// <param name="Problem">Why it accepts nothing; null when it does.</param>
internal sealed record RelayResource(RelayCountsResource Counts, long Refused, long Idle, string? Problem)
{
    /// <summary>How many connections ended for which reason.</summary>
    public ImmutableSortedDictionary<string, long> Ends { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>How often connections had to wait because a limit was reached.</summary>
    public long Held { get; init; }

    public static RelayResource From(RelaySnapshot relay) => new(
        RelayCountsResource.From(relay.Report.Total), relay.Report.Refused, relay.Report.Idle, relay.Problem)
    {
        Ends = relay.Report.Ends.ToImmutableSortedDictionary(end => RelayWord.Of(end.Key), end => end.Value),
        Held = relay.Report.Held,
    };
}

/// <summary>What a relay carried.</summary>
/// <param name="Connections">Connections that reached a backend.</param>
/// <param name="Open">Connections that are open.</param>
/// <param name="BytesToBackends">Payload from clients.</param>
/// <param name="BytesToClients">Payload from backends.</param>
/// <param name="ConnectFailures">Attempts to connect to a backend that failed.</param>
internal sealed record RelayCountsResource(
    long Connections, long Open, long BytesToBackends, long BytesToClients, long ConnectFailures)
{
    public static RelayCountsResource From(RelayCounts counts) => new(
        counts.Connections, counts.Open, counts.BytesToBackend, counts.BytesToClient, counts.ConnectFailures);
}
