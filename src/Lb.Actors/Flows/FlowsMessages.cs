using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The generation that the service has now, and how its flows are to be swept.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Config">Intervals.</param>
/// <param name="Keep">Sweep on even when no slot is moved: backends wait for their flows to end.</param>
internal sealed record SweepGeneration(Generation Generation, FlowsConfig Config, bool Keep);

/// <summary>Nothing is swept yet, at the start or after a crash: the parent says what is to be.</summary>
internal sealed record FlowsReady;

/// <summary>What a sweep saw.</summary>
/// <param name="Revision">The revision that was swept.</param>
/// <param name="Flows">Tracked flows by backend id.</param>
internal sealed record FlowsSwept(long Revision, ImmutableDictionary<uint, FlowCount> Flows)
{
    /// <summary>Of these, flows of full-nat.</summary>
    public int FullNat { get; init; }

    /// <summary>Ids of dead backends whose flows are remembered, so that their clients are told.</summary>
    public ImmutableHashSet<uint> Ended { get; init; } = [];
}
