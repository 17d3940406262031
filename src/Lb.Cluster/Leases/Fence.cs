namespace Lb.Cluster.Leases;

/// <summary>
/// Lets pass what comes from the owner of a lease, not what comes from one who was the owner once and has not heard of
/// it: whoever acts on an owner's word has one, and keeps the highest term it has met.
/// </summary>
public sealed class Fence
{
    private long _highest;

    /// <summary>The highest term met.</summary>
    public long Highest => Interlocked.Read(ref _highest);

    /// <summary>Whether word from an owner of that term counts.</summary>
    public bool Admit(long term) => term >= Raise(term);

    /// <summary>Takes note of a term and returns the highest.</summary>
    public long Raise(long term)
    {
        var highest = Highest;
        while (term > highest)
        {
            var met = Interlocked.CompareExchange(ref _highest, term, highest);
            if (met == highest)
            {
                return term;
            }

            highest = met;
        }

        return highest;
    }
}
