using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A backend to probe.</summary>
/// <param name="Socket">The backend.</param>
/// <param name="Name">Its name, for the log and the actor.</param>
/// <param name="Known">The verdict to begin with.</param>
/// <param name="Remembered">It is from before the node started: it holds until a probe says otherwise.</param>
internal sealed record ProbeTarget(Endpoint Socket, string Name, HealthVerdict Known, bool Remembered)
{
    /// <summary>The step of <see cref="SlowStart"/> that its service has it in.</summary>
    public byte Step { get; init; }
}

/// <summary>Nothing is probed yet, at the start or after a crash: the parent says what is to be.</summary>
internal sealed record HealthReady;

/// <summary>The backends of a service that are to be probed, and how.</summary>
internal sealed record ProbeBackends(HealthConfig Config, ImmutableArray<ProbeTarget> Targets)
{
    /// <summary>How long one that comes up takes to have its whole weight; zero: it has it at once.</summary>
    public TimeSpan SlowStart { get; init; }
}

/// <summary>The verdict on a backend, sent when it is reached or changes; with the step that nodes have agreed on.</summary>
internal sealed record BackendJudged(Endpoint Socket, HealthVerdict Verdict, byte Step = 0);

/// <summary>Probes another way from now on.</summary>
internal sealed record ConfigureProbe(HealthConfig Config);
