namespace Lb.Actors;

/// <summary>A copy of what another node says.</summary>
/// <param name="id">Which life of its feed.</param>
internal sealed class PeerFeed(long id)
{
    /// <summary>More than comes at once.</summary>
    private const int MostEarly = 64;

    private readonly Dictionary<VoteKey, VoteValue> _entries = [];
    private readonly SortedList<long, VoteChunk> _early = [];

    /// <summary>Which life.</summary>
    public long Id => id;

    /// <summary>How far the copy is.</summary>
    public long Version { get; private set; }

    /// <summary>When it was last known to be whole, in ticks of the reader's clock.</summary>
    public long WholeAt { get; private set; }

    /// <summary>What is said.</summary>
    public IReadOnlyDictionary<VoteKey, VoteValue> Entries => _entries;

    /// <summary>What is said on something; null when nothing is.</summary>
    public VoteValue? this[VoteKey key] => _entries.TryGetValue(key, out VoteValue value) ? value : null;

    /// <summary>The writer is alive and has written so much.</summary>
    /// <returns>Whether the copy is whole.</returns>
    public bool OnAlive(long version, long now)
    {
        if (version > Version)
        {
            return false;
        }

        WholeAt = now;
        return true;
    }

    /// <summary>Takes entries; those that others come before wait for them.</summary>
    /// <returns>Those that are new; null when some are missing.</returns>
    public IReadOnlyList<VoteEntry>? Take(VoteChunk chunk, long now)
    {
        if (chunk.From > Version)
        {
            if (_early.Count < MostEarly)
            {
                _early[chunk.From] = chunk;
            }

            return null;
        }

        List<VoteEntry> fresh = [];
        Apply(chunk, fresh);
        while (_early.Count > 0 && _early.GetKeyAtIndex(0) <= Version)
        {
            Apply(_early.GetValueAtIndex(0), fresh);
            _early.RemoveAt(0);
        }

        WholeAt = now;
        return fresh;
    }

    private void Apply(VoteChunk chunk, List<VoteEntry> fresh)
    {
        if (chunk.To <= Version)
        {
            return;
        }

        foreach (VoteEntry entry in chunk.Entries)
        {
            if (!_entries.TryGetValue(entry.Key, out VoteValue known) || known != entry.Value)
            {
                _entries[entry.Key] = entry.Value;
                fresh.Add(entry);
            }
        }

        Version = chunk.To;
    }
}
