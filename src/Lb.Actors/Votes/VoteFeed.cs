using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Entries that bring a reader from one version of a feed to another.</summary>
/// <param name="From">A reader that is at least there can take them.</param>
/// <param name="To">Where it is then.</param>
/// <param name="Entries">What was set in between, each as it is now.</param>
internal sealed record VoteChunk(long From, long To, ImmutableArray<VoteEntry> Entries);

/// <summary>
/// What a node says: entries that it alone writes, with a version that counts what it has written. Others keep a copy, and
/// know by the version whether it is whole: messages may get lost or come twice.
/// </summary>
/// <param name="id">Tells this feed from those before it in the same life of its node: grows.</param>
internal sealed class VoteFeed(long id)
{
    private readonly Dictionary<VoteKey, (VoteValue Value, long Version)> _entries = [];

    /// <summary>Which life.</summary>
    public long Id => id;

    /// <summary>How much was written.</summary>
    public long Version { get; private set; }

    /// <summary>Entries that were taken back, and are kept for readers that have not heard of that.</summary>
    public int TakenBack { get; private set; }

    /// <summary>What is said; null when nothing is.</summary>
    public VoteValue? this[VoteKey key] => _entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>Says something, unless that is said already.</summary>
    /// <returns>Whether it was new.</returns>
    public bool Set(VoteKey key, VoteValue value)
    {
        if (_entries.TryGetValue(key, out var entry) ? entry.Value == value : value == default)
        {
            return false;
        }

        TakenBack += (value == default ? 1 : 0) - (entry.Version > 0 && entry.Value == default ? 1 : 0);
        _entries[key] = (value, ++Version);
        return true;
    }

    /// <summary>The same without what was taken back: readers take it from the start.</summary>
    public VoteFeed Renew(long newId)
    {
        VoteFeed renewed = new(newId);
        foreach ((VoteKey key, (VoteValue value, _)) in _entries)
        {
            renewed.Set(key, value);
        }

        return renewed;
    }

    /// <summary>What was said after a version, in parts that fit into messages.</summary>
    public IEnumerable<VoteChunk> Since(long version, int mostEntries)
    {
        VoteEntry[] newer = new VoteEntry[_entries.Count];
        long[] versions = new long[newer.Length];
        int count = 0;
        foreach ((VoteKey key, (VoteValue value, long at)) in _entries)
        {
            if (at > version)
            {
                newer[count] = new VoteEntry(key, value);
                versions[count++] = at;
            }
        }

        Array.Sort(versions, newer, 0, count);
        long from = version;
        for (int at = 0; at < count; at += mostEntries)
        {
            int end = Math.Min(at + mostEntries, count);
            long to = end == count ? Version : versions[end - 1];
            yield return new VoteChunk(from, to, [.. newer[at..end]]);
            from = to;
        }
    }
}
