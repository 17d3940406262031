namespace Lb.Actors;

/// <summary>Which table most nodes have. Pure.</summary>
internal static class TableQuorum
{
    /// <summary>Of two that differ nobody can say which is wrong.</summary>
    private const int Fewest = 3;

    /// <summary>The table that more than half of the nodes have which have one; null when there is none.</summary>
    /// <param name="tables">What each node says, this one included; a table of 0 is none.</param>
    public static VoteValue? Most(IReadOnlyCollection<VoteValue> tables)
    {
        VoteValue[] known = [.. tables.Where(table => table.Table != 0)];
        IGrouping<ulong, VoteValue>? largest = known.GroupBy(table => table.Table).MaxBy(group => group.Count());
        return known.Length >= Fewest && largest is not null && largest.Count() * 2 > known.Length ? largest.First() : null;
    }
}
