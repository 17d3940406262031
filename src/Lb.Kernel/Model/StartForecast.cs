using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>What a start would do with the maps that are pinned.</summary>
/// <param name="Maps">What would become of each, in the order of their names; empty when they were not looked at.</param>
public sealed record StartForecast(ImmutableArray<MapForecast> Maps)
{
    /// <summary>Why they were not looked at; null when they were.</summary>
    public string? NotRead { get; init; }

    /// <summary>An earlier start was killed while it exchanged maps, and the next one ends that first.</summary>
    public bool EndsExchange { get; init; }

    /// <summary>The state is of a release that did not pin its types, so that a start takes CAP_SYS_ADMIN once.</summary>
    public bool NeedsTypes { get; init; }

    /// <summary>What would end the start before anything has changed.</summary>
    public ImmutableArray<StartProblem> Problems { get; init; } = [];

    /// <summary>Maps that something becomes of.</summary>
    public IEnumerable<MapForecast> Changes => Maps.Where(map => map.Fate != MapFate.Kept);

    /// <summary>The forecast of who could not look.</summary>
    internal static StartForecast Unread(string why) => new([]) { NotRead = why };
}

/// <summary>What would become of one map.</summary>
/// <param name="Name">The map.</param>
/// <param name="Fate">What.</param>
/// <param name="Why">What of it is other than it is to be, or why it is refused; null where nothing is.</param>
/// <param name="Entries">Entries that would be carried over.</param>
public sealed record MapForecast(string Name, MapFate Fate, string? Why, long Entries)
{
    /// <summary>It is so full that the order in which entries come may decide whether all have room.</summary>
    public bool IsTight { get; init; }
}

/// <summary>What would end a start.</summary>
/// <param name="What">What is in its way: one sentence.</param>
/// <param name="Mend">What the operator can do.</param>
public sealed record StartProblem(string What, string Mend);
