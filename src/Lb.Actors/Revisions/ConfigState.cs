using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// The config of a site as its journal tells it: the site file that was applied last, and what the site is. The
/// difference is what was changed at run time. Rules of change are pure.
/// </summary>
/// <param name="Revision">Number of the last change; 0 before the first.</param>
/// <param name="File">The site file as it was applied last.</param>
/// <param name="Site">What the site is.</param>
public sealed record ConfigState(long Revision, SiteConfig File, SiteConfig Site)
{
    /// <summary>
    /// The id of the last change: tells apart two revisions with one number, as there may be after an old copy of the
    /// journal was put in place.
    /// </summary>
    public Guid? LastId { get; init; }

    // Of one pool of many thousand backends it is worth milliseconds, and most revisions are never asked for it.
    private readonly Lazy<ImmutableArray<SiteChange>> _runtime = new(() => SiteDiff.Between(File, Site));

    /// <summary>What was changed at run time, on top of the file.</summary>
    public ImmutableArray<SiteChange> Runtime => _runtime.Value;

    /// <summary>
    /// Number of slots that each service's table has. A table grows with its pool and does not shrink, so this follows from
    /// all revisions, not from the last; every node that has read them has the same.
    /// </summary>
    public ImmutableSortedDictionary<string, int> TableSizes { get; init; } =
        ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Since when backends drain: this too follows from all revisions.</summary>
    public DrainTimes Drains { get; init; } = DrainTimes.None;

    /// <summary>A site without a past.</summary>
    public static ConfigState Start(string site)
    {
        SiteConfig nothing = new(
            site,
            [],
            ImmutableSortedDictionary.Create<string, ServiceConfig>(StringComparer.Ordinal),
            new FlowsConfig(TimeSpan.Zero, TimeSpan.Zero),
            TimeSpan.Zero);
        return new ConfigState(0, nothing, nothing);
    }

    /// <summary>What makes the file and the site these; null when they are so already.</summary>
    public SiteChanged? Decide(SiteConfig file, SiteConfig site, ChangeInfo info)
    {
        SiteChanged change = new(Revision + 1, info, SiteDiff.Between(File, file), SiteDiff.Between(Site, site));
        return change.File.IsEmpty && change.Site.IsEmpty ? null : change;
    }

    /// <summary>The same state with the sizes of its tables.</summary>
    /// <param name="before">Those before; a service that is not there begins anew.</param>
    internal ConfigState Sized(ImmutableSortedDictionary<string, int> before) => this with
    {
        TableSizes = Site.Services.Values.ToImmutableSortedDictionary(
            service => service.Name, service => TableSize.Choose(service, before.GetValueOrDefault(service.Name)), StringComparer.Ordinal),
    };

    /// <summary>The state after a change.</summary>
    /// <exception cref="InvalidDataException">The change does not follow this state.</exception>
    public ConfigState Apply(SiteChanged change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.After is { } before && LastId is { } last && before != last)
        {
            throw new InvalidDataException($"revision {change.Revision} follows another revision {Revision} than the one that is known");
        }

        if (change.Revision != Revision + 1)
        {
            throw new InvalidDataException($"revision {change.Revision} does not follow revision {Revision}");
        }

        SiteConfig site = Change(Site, change.Site);
        return new ConfigState(change.Revision, Change(File, change.File), site)
        {
            LastId = change.Id,
            Drains = Drains.After(Site, site, change.Site, change.Info.When),
        }.Sized(TableSizes);

        SiteConfig Change(SiteConfig config, ImmutableArray<SiteChange> changes) =>
            SiteDiff.TryApply(config, changes, out SiteConfig? after, out string? problem)
                ? after
                : throw new InvalidDataException($"revision {change.Revision} cannot be carried out: {problem}");
    }
}
