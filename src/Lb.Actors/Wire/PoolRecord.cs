namespace Lb.Actors.Wire;

/// <summary>How a service uses its pool, as it is stored. What is not there is the default.</summary>
internal sealed record PoolRecord(
    double? PanicThreshold = null, TimeSpan? DrainDeadline = null, string? DrainThen = null)
{
    private static readonly PoolRecord s_nothing = new();

    /// <summary>What differs from the default; null when nothing does.</summary>
    public static PoolRecord? Of(PoolPolicy policy)
    {
        PoolRecord record = new(
            policy.PanicThreshold > 0 ? policy.PanicThreshold : null,
            policy.DrainDeadline > TimeSpan.Zero ? policy.DrainDeadline : null,
            policy.DrainThen == Actors.DrainThen.Reset ? null : Words.DrainThens.Of(policy.DrainThen));
        return record == s_nothing ? null : record;
    }

    public PoolPolicy ToPolicy() => new()
    {
        PanicThreshold = PanicThreshold ?? 0,
        DrainDeadline = DrainDeadline ?? TimeSpan.Zero,
        DrainThen = DrainThen is null ? Actors.DrainThen.Reset : Words.DrainThens.Parse(DrainThen),
    };
}
