using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>Whom a node does not reach of those it watches. A later version is the whole truth of its observer.</summary>
/// <param name="Observer">The incarnation of the observer.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Unreachable">The incarnations of those it does not reach.</param>
public sealed record Observation(long Observer, long Version, ImmutableSortedSet<long> Unreachable);

/// <summary>What all observers say, as far as a node has heard. Joined in any order, it comes to the same.</summary>
/// <param name="Rows">The latest word of each observer.</param>
public sealed record Reachability(ImmutableSortedDictionary<long, Observation> Rows)
{
    /// <summary>Nobody has said anything.</summary>
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<long, Observation>.Empty);

    /// <summary>The same for two who know the same.</summary>
    public ulong Digest => Rows.Values.Aggregate(
        0UL,
        (digest, row) => digest ^ unchecked(
            (((ulong)row.Observer * 0x9E3779B97F4A7C15UL) ^ (ulong)row.Version) * 0xD1B54A32D192ED03UL));

    /// <summary>Takes note of an observation, unless there is one as late.</summary>
    public Reachability Merge(Observation row) =>
        Rows.TryGetValue(row.Observer, out var known) && known.Version >= row.Version
            ? this
            : new Reachability(Rows.SetItem(row.Observer, row));

    /// <summary>Forgets observers that are no members.</summary>
    public Reachability Keep(IReadOnlySet<long> members)
    {
        var gone = Rows.Keys.Where(observer => !members.Contains(observer)).ToList();
        return gone.Count == 0 ? this : new Reachability(Rows.RemoveRange(gone));
    }

    /// <summary>
    /// Returns the members that cannot be reached: most of those who watch a node say so. Watchers whom somebody does
    /// not reach themselves are not asked, if there are others; and word of one that cannot be reached does not count.
    /// So one that is deaf takes nobody with it, a broken path between two takes neither, and when nearly all are dead
    /// the last one can tell.
    /// </summary>
    public ImmutableHashSet<long> Unreachable(IReadOnlyList<long> members, int watchers)
    {
        var unreachable = ImmutableHashSet<long>.Empty;
        while (true)
        {
            var asked = unreachable;
            var speaking = Rows.Values.Where(row => !asked.Contains(row.Observer)).ToList();
            var accused = speaking.SelectMany(row => row.Unreachable).ToHashSet();
            var candidates = members.Where(member => !asked.Contains(member)).ToList();
            var found = candidates.Where(
                member => accused.Contains(member) && IsGivenUp(member, candidates, watchers, accused)).ToList();
            if (found.Count == 0)
            {
                return unreachable;
            }

            unreachable = unreachable.Union(found);
        }
    }

    private bool IsGivenUp(long subject, List<long> candidates, int watchers, HashSet<long> accused)
    {
        var all = Monitors.Of(subject, candidates, watchers);
        var sound = all.Where(watcher => !accused.Contains(watcher)).ToList();
        var asked = sound.Count > 0 ? sound : all;
        var against = asked.Count(
            watcher => Rows.TryGetValue(watcher, out var row) && row.Unreachable.Contains(subject));
        return against * 2 > asked.Count;
    }
}
