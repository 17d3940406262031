using System.Collections.Immutable;

namespace Lb.Actors.Wire;

/// <summary>A revision of a site as it is stored.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Origin">file, runtime or rollback.</param>
/// <param name="Who">Who asked for it.</param>
/// <param name="From">Where they asked.</param>
/// <param name="Why">Their reason.</param>
/// <param name="When">When.</param>
/// <param name="File">Changes of the site file.</param>
/// <param name="Site">Changes of the site; null when they are those of the file.</param>
/// <param name="Id">Stands for the wish that made it.</param>
/// <param name="After">The same of the revision before it.</param>
internal sealed record SiteChangedRecord(
    long Revision,
    string Origin,
    string Who,
    string From,
    string Why,
    DateTimeOffset When,
    ImmutableArray<ChangeRecord> File,
    ImmutableArray<ChangeRecord>? Site = null,
    Guid? Id = null,
    Guid? After = null)
{
    public static SiteChangedRecord Of(SiteChanged change) => new(
        change.Revision,
        Words.Origins.Of(change.Info.Origin),
        change.Info.Who,
        change.Info.From,
        change.Info.Why,
        change.Info.When.ToUniversalTime(),
        [.. change.File.Select(ChangeRecord.Of)],
        change.File.SequenceEqual(change.Site) ? null : [.. change.Site.Select(ChangeRecord.Of)],
        change.Id,
        change.After);

    public SiteChanged ToChange()
    {
        ImmutableArray<SiteChange> file = [.. File.Select(change => change.ToChange())];
        return new SiteChanged(
            Revision,
            new ChangeInfo(Words.Origins.Parse(Origin), Who, From, Why, When),
            file,
            Site is { } site ? [.. site.Select(change => change.ToChange())] : file)
        {
            Id = Id,
            After = After,
        };
    }
}

/// <summary>A site at a revision, stored so that a recovery need not begin with the first one.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Site">Name of the site.</param>
/// <param name="File">The site file.</param>
/// <param name="Current">What the site is.</param>
/// <param name="TableSizes">Slots of each service's table; null in one from before that was kept.</param>
/// <param name="LastId">Id of the last change; null in one from before changes had them.</param>
/// <param name="Drains">Since when backends drain, by service; null when none does, and in one from before that was kept.</param>
internal sealed record SiteSnapshotRecord(
    long Revision,
    string Site,
    SiteRecord File,
    SiteRecord Current,
    ImmutableSortedDictionary<string, int>? TableSizes = null,
    Guid? LastId = null,
    ImmutableSortedDictionary<string, ImmutableArray<DrainRecord>>? Drains = null)
{
    public static SiteSnapshotRecord Of(ConfigState state) => new(
        state.Revision, state.Site.Name, SiteRecord.Of(state.File), SiteRecord.Of(state.Site),
        state.TableSizes.IsEmpty ? null : state.TableSizes,
        state.LastId,
        DrainRecord.Of(state.Drains));

    /// <summary>The state, with the name that the site has on this node: those that share it may have another.</summary>
    public ConfigState ToState(string site) =>
        new ConfigState(Revision, File.ToConfig(site), Current.ToConfig(site))
        {
            LastId = LastId,
            Drains = DrainRecord.ToTimes(Drains, Current.ToConfig(site)),
        }
            .Sized(TableSizes ?? ImmutableSortedDictionary<string, int>.Empty);
}

/// <summary>A site's config as it is stored.</summary>
internal sealed record SiteRecord(SettingsRecord Settings, ImmutableArray<ServiceRecord> Services)
{
    public static SiteRecord Of(SiteConfig site) => new(
        SettingsRecord.Of(SiteSettings.Of(site)), [.. site.Services.Values.Select(ServiceRecord.Of)]);

    public SiteConfig ToConfig(string name)
    {
        SiteConfig services = ConfigState.Start(name).Site with
        {
            Services = Services.Select(service => service.ToConfig())
                .ToImmutableSortedDictionary(service => service.Name, service => service, StringComparer.Ordinal),
        };
        return Settings.ToSettings().ApplyTo(services);
    }
}
