using Akka.Configuration;

namespace Akka.Actor;

/// <summary>A phase of the shutdown.</summary>
internal sealed record ShutdownPhase(string Name, TimeSpan Timeout, bool Recover, bool Enabled);

/// <summary>The phases of the shutdown, in order, with what is configured for them.</summary>
internal sealed class ShutdownPhases
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private readonly List<ShutdownPhase> _phases = [];
    private readonly Config _config;

    internal ShutdownPhases(Config config)
    {
        _config = config.GetConfig("akka.coordinated-shutdown");
        var usual = _config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5), allowInfinite: false);
        Add(CoordinatedShutdown.PhaseBeforeServiceUnbind, usual);
        Add(CoordinatedShutdown.PhaseServiceUnbind, usual);
        Add(CoordinatedShutdown.PhaseServiceRequestsDone, usual);
        Add(CoordinatedShutdown.PhaseServiceStop, usual);
        Add(CoordinatedShutdown.PhaseBeforeClusterShutdown, usual);
        Add(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, Long);
        Add(CoordinatedShutdown.PhaseClusterLeave, usual);
        Add(CoordinatedShutdown.PhaseClusterExiting, Long);
        Add(CoordinatedShutdown.PhaseClusterExitingDone, usual);
        Add(CoordinatedShutdown.PhaseClusterShutdown, usual);
        Add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, usual);
        Add(CoordinatedShutdown.PhaseActorSystemTerminate, Long);
    }

    internal ShutdownPhase Require(string name) =>
        _phases.Find(phase => phase.Name == name) ?? throw new ArgumentException(
            $"Unknown phase [{name}], known phases: {string.Join(", ", _phases.Select(phase => phase.Name))}",
            nameof(name));

    internal IReadOnlyList<ShutdownPhase> From(string? name) =>
        name is null ? _phases : [.. _phases.SkipWhile(phase => phase != Require(name))];

    private void Add(string name, TimeSpan timeout)
    {
        var phase = _config.GetConfig("phases").GetConfig(name);
        _phases.Add(new ShutdownPhase(
            name,
            phase.GetTimeSpan("timeout", timeout, allowInfinite: false),
            phase.GetBoolean("recover", true),
            phase.GetBoolean("enabled", true)));
    }
}
