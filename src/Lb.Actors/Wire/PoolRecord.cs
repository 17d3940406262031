namespace Lb.Actors.Wire;

/// <summary>How a service uses its pool, as it is stored. What is not there is the default.</summary>
internal sealed record PoolRecord(
    double? PanicThreshold = null, TimeSpan? DrainDeadline = null, string? DrainThen = null,
    TimeSpan? SlowStart = null, double? SlowStartFrom = null)
{
    /// <summary>What a record without the share means, whatever the default becomes.</summary>
    private const double WithoutFrom = 0.1;

    private static readonly PoolRecord s_nothing = new();

    /// <summary>What differs from the default; null when nothing does.</summary>
    public static PoolRecord? Of(PoolPolicy policy)
    {
        PoolRecord record = new(
            policy.PanicThreshold > 0 ? policy.PanicThreshold : null,
            policy.DrainDeadline > TimeSpan.Zero ? policy.DrainDeadline : null,
            policy.DrainThen == Actors.DrainThen.Reset ? null : Words.DrainThens.Of(policy.DrainThen),
            policy.SlowStart > TimeSpan.Zero ? policy.SlowStart : null,
            policy.SlowStartFrom == WithoutFrom ? null : policy.SlowStartFrom);
        return record == s_nothing ? null : record;
    }

    public PoolPolicy ToPolicy() => new()
    {
        PanicThreshold = PanicThreshold ?? 0,
        SlowStart = SlowStart ?? TimeSpan.Zero,
        SlowStartFrom = SlowStartFrom ?? WithoutFrom,
        DrainDeadline = DrainDeadline ?? TimeSpan.Zero,
        DrainThen = DrainThen is null ? Actors.DrainThen.Reset : Words.DrainThens.Parse(DrainThen),
    };
}
