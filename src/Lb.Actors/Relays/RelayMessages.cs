using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The relay of a service, as operators see it.</summary>
/// <param name="Report">Its counters.</param>
/// <param name="Problem">Why it accepts nothing; null when it does.</param>
public sealed record RelaySnapshot(RelayReport Report, string? Problem)
{
    /// <summary>When the connections of backends that drain are reset; none where they have all the time.</summary>
    public ImmutableDictionary<Endpoint, DateTimeOffset> Drains { get; init; } =
        ImmutableDictionary<Endpoint, DateTimeOffset>.Empty;

    /// <summary>What takes its packets to it; null while that is not known.</summary>
    public InterceptionChoice? Interception { get; init; }
}

/// <summary>A service that is to be relayed.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Vip">VIP, protocol and port.</param>
/// <param name="Settings">How.</param>
internal sealed record RelayConfig(string Service, Endpoint Vip, RelaySettings Settings)
{
    /// <summary>A service's relay, with what the service and the site say of the flow log.</summary>
    public static RelayConfig Of(ServiceConfig service, int logSample) => new(
        service.Name,
        service.Vip,
        service.Logging == FlowLogging.Off
            ? service.Relay
            : service.Relay with { Logging = service.Logging, LogSample = logSample });
}

/// <summary>The relays that there are to be.</summary>
/// <param name="Relays">Those.</param>
/// <param name="Others">Services without: relays that they have from before go on until they are told to end.</param>
internal sealed record ConfigureRelays(ImmutableArray<RelayConfig> Relays, ImmutableArray<RelayConfig> Others);

/// <summary>Where a relay's connections go from now on.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Vip">Its VIP.</param>
/// <param name="Table">The table.</param>
/// <param name="Owner">The service, which hears when the relay listens.</param>
internal sealed record RouteRelay(string Service, Endpoint Vip, RelayTable Table, IActorRef Owner);

/// <summary>Other settings, or another table, of one relay.</summary>
internal sealed record UseRelay(RelaySettings Settings, RelayTable Table, IActorRef Owner);

/// <summary>Tells a service that its relay listens.</summary>
internal sealed record RelayListens;

/// <summary>Ends the relay of a service that gives it no more connections, once it has none.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Vip">Its VIP.</param>
/// <param name="Overdue">Ends it in any case.</param>
/// <param name="Owner">The service, which hears of the end.</param>
internal sealed record DrainRelay(string Service, Endpoint Vip, bool Overdue, IActorRef Owner);

/// <summary>Tells a service that its relay has ended.</summary>
/// <param name="Cut">Connections that it still had.</param>
internal sealed record RelayDrained(long Cut);

/// <summary>A relay can end.</summary>
/// <param name="Drain">Why.</param>
/// <param name="Open">Connections that it still has.</param>
internal sealed record RelayIsOver(DrainRelay Drain, long Open);

/// <summary>The relays have started, or started again, and know nothing.</summary>
internal sealed record RelaysReady;

/// <summary>Ends all relays, for good: the process ends.</summary>
internal sealed record EndRelays;

/// <summary>Asks services for the tables of their relays.</summary>
internal sealed record TellRelays;

/// <summary>Asks for the counters of all relays.</summary>
internal sealed record GetRelays;

/// <summary>Reply to <see cref="GetRelays"/>.</summary>
/// <param name="Relays">By VIP.</param>
internal sealed record RelayList(ImmutableDictionary<Endpoint, RelaySnapshot> Relays);

/// <summary>Asks one relay for its counters; the answer is a <see cref="RelaySnapshot"/>.</summary>
internal sealed record GetRelay;
