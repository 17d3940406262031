using System.Collections.Immutable;

namespace Lb.Testing;

/// <summary>What became of a change, as whoever asked was told.</summary>
public enum ChangeOutcome
{
    /// <summary>It holds.</summary>
    Applied,

    /// <summary>It does not.</summary>
    Refused,

    /// <summary>It does not, because the config was at another revision than was expected.</summary>
    Stale,

    /// <summary>It may or may not.</summary>
    Unknown,
}

/// <summary>A change that somebody asked for: a key gets a value that no other change gives.</summary>
/// <param name="Id">Stands for it in the journal.</param>
/// <param name="Node">Where it was asked for.</param>
/// <param name="Key">What was to change.</param>
/// <param name="Value">To what.</param>
/// <param name="Expected">The revision that it was to follow; null for any.</param>
/// <param name="Asked">When it was asked for.</param>
/// <param name="Told">When the answer came.</param>
/// <param name="Outcome">The answer.</param>
/// <param name="Revision">Its revision, when it was applied.</param>
public sealed record ChangeAsked(
    int Id, string Node, string Key, int Value, long? Expected, TimeSpan Asked, TimeSpan Told, ChangeOutcome Outcome, long Revision = 0);

/// <summary>The config as somebody has read it.</summary>
/// <param name="Node">Where it was read.</param>
/// <param name="IsLatest">It was asked for what the journal says, not for what the node has in force.</param>
/// <param name="Asked">When it was asked for.</param>
/// <param name="Told">When the answer came.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Values">Its values.</param>
public sealed record ConfigRead(
    string Node, bool IsLatest, TimeSpan Asked, TimeSpan Told, long Revision, ImmutableSortedDictionary<string, int> Values);

/// <summary>A revision in the journal.</summary>
/// <param name="Change">The <see cref="ChangeAsked.Id"/> of the change that made it.</param>
/// <param name="Key">What was changed.</param>
/// <param name="Value">To what.</param>
public sealed record JournalRow(int Change, string Key, int Value);

/// <summary>Everything that clients have seen of a config, and what its journal says in the end.</summary>
/// <param name="FirstRevision">The revision before the first row.</param>
/// <param name="FirstValues">The values then.</param>
/// <param name="Rows">The revisions that follow, without a gap.</param>
/// <param name="Changes">What was asked for.</param>
/// <param name="Reads">What was read.</param>
public sealed record ConfigHistory(
    long FirstRevision,
    ImmutableSortedDictionary<string, int> FirstValues,
    ImmutableArray<JournalRow> Rows,
    ImmutableArray<ChangeAsked> Changes,
    ImmutableArray<ConfigRead> Reads);
