namespace Lb.Kernel.Datapath;

/// <summary>What came into a map of flows less what was taken out of it, at one moment.</summary>
internal readonly record struct FlowTurnover(long In, long Out);

/// <summary>
/// How many entries the kernel evicted from one map. It tells nobody, but what came in and is neither there nor was taken
/// out is what it evicted. Pure.
/// </summary>
/// <remarks>
/// Packets go on while the entries are counted. Of what came in before that, each entry is seen unless it was evicted or
/// taken out by its end; so with the one side from before and the other from behind it the result is never too high, and
/// what is missed now is found by the next count.
/// </remarks>
internal sealed class FlowBalance
{
    private long? _base;

    /// <summary>Evicted since the first count.</summary>
    public long Evicted { get; private set; }

    /// <summary>Takes a count of the entries.</summary>
    /// <param name="before">Turnover read before it.</param>
    /// <param name="entries">The count.</param>
    /// <param name="after">Turnover read behind it.</param>
    public void Take(FlowTurnover before, long entries, FlowTurnover after)
    {
        // What the map lost before it was opened here is not known.
        _base ??= after.In - before.Out - entries;
        Evicted = Math.Max(Evicted, before.In - after.Out - entries - _base.Value);
    }
}
