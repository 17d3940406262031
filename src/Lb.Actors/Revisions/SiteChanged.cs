using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Where a change comes from.</summary>
public enum ChangeOrigin
{
    /// <summary>The site file, read at the start or again.</summary>
    File,

    /// <summary>An operator, at run time.</summary>
    Runtime,

    /// <summary>An operator, back to what was.</summary>
    Rollback,
}

/// <summary>Who changed a site, when, from where and why.</summary>
/// <param name="Origin">What kind of change it is.</param>
/// <param name="Who">Who asked for it.</param>
/// <param name="From">Where they asked: a file, or the address of a client.</param>
/// <param name="Why">What they gave as the reason; empty for none.</param>
/// <param name="When">When it was asked for.</param>
public sealed record ChangeInfo(ChangeOrigin Origin, string Who, string From, string Why, DateTimeOffset When);

/// <summary>A revision of a site's config: what happened to it.</summary>
/// <param name="Revision">Number of the revision, from 1.</param>
/// <param name="Info">Who, when and why.</param>
/// <param name="File">Changes of the site file; empty for a change at run time.</param>
/// <param name="Site">Changes of what the site is.</param>
public sealed record SiteChanged(
    long Revision, ChangeInfo Info, ImmutableArray<SiteChange> File, ImmutableArray<SiteChange> Site)
{
    /// <summary>Stands for the wish that made it, by which it is found again; null of revisions that had none.</summary>
    public Guid? Id { get; init; }

    /// <summary>The id of the revision before it, so that one that belongs to another past is not taken for its successor.</summary>
    public Guid? After { get; init; }
}
