using System.Collections.Immutable;

namespace Lb.Cluster.Membership;

/// <summary>
/// Who watches whom: each node is watched by a few others, picked by rendezvous hashing. All who know the same nodes
/// pick the same, and a node that comes or goes moves few.
/// </summary>
public static class Monitors
{
    /// <summary>Returns the watchers of a node among candidates, best first.</summary>
    public static IReadOnlyList<long> Of(long subject, IReadOnlyList<long> candidates, int count)
    {
        // A selection, not a sort: few of many are taken.
        var best = new List<(ulong Weight, long Node)>(count + 1);
        foreach (var node in candidates)
        {
            if (node == subject)
            {
                continue;
            }

            var weight = Weight(node, subject);
            var place = best.Count;
            while (place > 0 && weight > best[place - 1].Weight)
            {
                place--;
            }

            if (place < count)
            {
                best.Insert(place, (weight, node));
                if (best.Count > count)
                {
                    best.RemoveAt(count);
                }
            }
        }

        return best.ConvertAll(entry => entry.Node);
    }

    /// <summary>Returns whom a node watches.</summary>
    public static ImmutableHashSet<long> WatchedBy(
        long watcher, IReadOnlyList<long> subjects, IReadOnlyList<long> candidates, int count) =>
        [.. subjects.Where(subject => subject != watcher && Of(subject, candidates, count).Contains(watcher))];

    private static ulong Weight(long node, long subject)
    {
        // The finaliser of SplitMix64, twice.
        var x = Mix(unchecked((ulong)node * 0x9E3779B97F4A7C15UL));
        return Mix(x ^ unchecked((ulong)subject * 0xD1B54A32D192ED03UL));
    }

    private static ulong Mix(ulong x)
    {
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
        return x ^ (x >> 31);
    }
}
