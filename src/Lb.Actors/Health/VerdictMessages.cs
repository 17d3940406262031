using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>The verdict on a backend of a service.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Socket">The backend.</param>
/// <param name="Verdict">The verdict; unknown when there is none any more.</param>
internal sealed record BackendVerdict(string Service, Endpoint Socket, HealthVerdict Verdict);

/// <summary>Verdicts of a site by service.</summary>
internal sealed record VerdictsRecovered(
    ImmutableDictionary<string, ImmutableDictionary<Endpoint, HealthVerdict>> Verdicts);

/// <summary>Asks each service to say its verdicts again: some may have been lost.</summary>
internal sealed record TellVerdicts;

/// <summary>Forgets the verdicts of all other services.</summary>
internal sealed record RetainServices(ImmutableHashSet<string> Services);
