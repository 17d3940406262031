using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What a node has of a limit and needs of it.</summary>
/// <param name="Used">Connections that it has.</param>
/// <param name="Granted">Its slice.</param>
/// <param name="Hungry">More wait.</param>
internal readonly record struct SliceNeed(int Used, int Granted, bool Hungry)
{
    /// <summary>It is at the end of its slice, or nearly.</summary>
    public bool IsPressed => Hungry || Used > (long)Granted * 3 / 4;

    /// <summary>What it will use soon, as far as can be known.</summary>
    public int Soon => IsPressed ? Used + Math.Max(1, Used / 4) : Used;
}

/// <summary>Divides a limit among nodes. Pure.</summary>
internal static class SliceDivision
{
    /// <summary>
    /// Slices of nodes, in their order; at most <paramref name="total"/> in all. What is used is covered first, then what will
    /// be soon, and what is left is for all alike: a node that takes more from one moment to the next, as when it takes over
    /// a VIP, has something to begin with. Who has the least comes first where units are few.
    /// </summary>
    public static ImmutableArray<int> Divide(int total, ReadOnlySpan<SliceNeed> nodes)
    {
        int[] used = new int[nodes.Length];
        int[] soon = new int[nodes.Length];
        int[] any = new int[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            used[i] = nodes[i].Used;
            soon[i] = nodes[i].Soon - nodes[i].Used;
            any[i] = int.MaxValue;
        }

        int[] order = [.. Enumerable.Range(0, nodes.Length).OrderBy(i => used[i])];
        int[] slices = new int[nodes.Length];
        long left = Math.Max(total, 0);
        foreach (int[] wants in (ReadOnlySpan<int[]>)[used, soon, any])
        {
            left -= Fill(slices, wants, left, order);
        }

        return [.. slices];
    }

    /// <summary>Raises all alike until each has what it wants or nothing is left.</summary>
    /// <returns>How much that took.</returns>
    private static long Fill(int[] slices, int[] wants, long budget, int[] order)
    {
        int[] byWant = [.. order.OrderBy(i => wants[i])];
        long left = budget;
        long[] given = new long[slices.Length];
        long level = long.MaxValue;
        for (int at = 0; at < byWant.Length; at++)
        {
            int i = byWant[at];
            if (level == long.MaxValue && wants[i] > left / (byWant.Length - at))
            {
                level = left / (byWant.Length - at); // For all that are still to come: they want as much or more.
            }

            given[i] = Math.Min(wants[i], level);
            left -= given[i];
        }

        foreach (int i in order)
        {
            if (left > 0 && given[i] < wants[i])
            {
                given[i]++;
                left--;
            }

            slices[i] = (int)(slices[i] + given[i]);
        }

        return budget - left;
    }
}
