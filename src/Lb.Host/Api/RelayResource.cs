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

    /// <summary>Connections ended before a backend was chosen, by reason; one without any is not there.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Datagrams, where the service is UDP; null for others.</summary>
    public DatagramsResource? Datagrams { get; init; }

    /// <summary>What takes packets to it; null while that is not known.</summary>
    public InterceptionResource? Interception { get; init; }

    /// <summary>What the kernel carries of it, where relay.engine is, or was, sockmap; null elsewhere.</summary>
    public SockmapResource? Sockmap { get; init; }

    public static RelayResource From(RelaySnapshot relay) => new(
        RelayCountsResource.From(relay.Report.Total), relay.Report.Refused, relay.Report.Idle, relay.Problem)
    {
        Ends = relay.Report.Ends.ToImmutableSortedDictionary(end => RelayWord.Of(end.Key), end => end.Value),
        Held = relay.Report.Held,
        Rejected = relay.Report.Rejected.ToImmutableSortedDictionary(
            count => Word.Of(count.Key), count => count.Value, StringComparer.Ordinal),
        Datagrams = relay.Report.Datagrams is { } counts
            ? new DatagramsResource(counts.ToBackend, counts.ToClient, counts.Full, counts.Lost)
            : null,
        Interception = relay.Interception is { } choice
            ? new InterceptionResource(Word.OfInterception(choice.By), choice.Reason)
            : null,
        Sockmap = relay.Report.Sockmap is { } sockmap ? SockmapResource.From(sockmap) : null,
    };
}

/// <summary>Datagrams of a relayed UDP service.</summary>
/// <param name="ToBackends">Sent to backends.</param>
/// <param name="ToClients">Sent to clients.</param>
/// <param name="DroppedFull">Dropped: relay.connections flows were open, and the client had none.</param>
/// <param name="Lost">Dropped: a buffer was full, or the kernel refused to send them.</param>
internal sealed record DatagramsResource(long ToBackends, long ToClients, long DroppedFull, long Lost);

/// <summary>What takes a relay's packets out of the host's forwarding.</summary>
/// <param name="By">tproxy or tc.</param>
/// <param name="Reason">Why that.</param>
internal sealed record InterceptionResource(string By, string Reason);

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
