using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>A change of the site that is right in itself.</summary>
/// <param name="File">The file as it would be.</param>
/// <param name="Site">The site as it would be.</param>
/// <param name="Info">Who, when and why.</param>
/// <param name="Conflicts">Runtime changes that would be gone.</param>
/// <param name="Force">It is made whatever it does to live flows.</param>
/// <param name="IsStart">It is the file that the node starts with.</param>
internal sealed record ChangeWish(
    SiteConfig File,
    SiteConfig Site,
    ChangeInfo Info,
    ImmutableArray<ConfigConflict> Conflicts,
    bool Force,
    bool IsStart = false)
{
    /// <summary>The reason with what was forced: it stands in the history.</summary>
    public ChangeInfo InfoWith(ImmutableArray<PlanExcess> excesses) => excesses.IsEmpty
        ? Info
        : Info with { Why = $"{Info.Why}{(Info.Why.Length == 0 ? "" : " ")}(forced: {string.Join("; ", excesses)})" };
}

/// <summary>What a change would do to live flows.</summary>
/// <param name="Wish">The change.</param>
/// <param name="Plan">What it would do; null when that cannot be told.</param>
/// <param name="Problem">Why it cannot be told.</param>
internal sealed record ChangeWeighed(ChangeWish Wish, SitePlan? Plan, string? Problem);
