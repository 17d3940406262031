using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>A runtime change that the site file overrules.</summary>
/// <param name="Runtime">What was changed at run time.</param>
/// <param name="Reason">What the file says, or why the change cannot be made on it.</param>
public sealed record ConfigConflict(SiteChange Runtime, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Runtime}: {Reason}";
}

/// <summary>A new site file joined with the runtime changes on top of the old one.</summary>
/// <param name="Site">What the site is to be.</param>
/// <param name="Conflicts">Runtime changes that are gone.</param>
public sealed record SiteMerge(SiteConfig Site, ImmutableArray<ConfigConflict> Conflicts)
{
    /// <summary>
    /// Lays the runtime changes over the new file. The file is the base: a runtime change stays as long as the file
    /// says nothing new about the same thing.
    /// </summary>
    /// <param name="last">The file as it was applied last, and what the site is.</param>
    /// <param name="file">The file as it is now.</param>
    public static SiteMerge Of(ConfigState last, SiteConfig file)
    {
        ArgumentNullException.ThrowIfNull(last);
        ImmutableArray<SiteChange> news = SiteDiff.Between(last.File, file);
        SiteConfig site = file;
        ImmutableArray<ConfigConflict>.Builder conflicts = ImmutableArray.CreateBuilder<ConfigConflict>();
        foreach (SiteChange runtime in last.Runtime)
        {
            if (news.Contains(runtime))
            {
                // The file has caught up with it.
                continue;
            }

            if (news.FirstOrDefault(runtime.Overlaps) is { } overruling)
            {
                conflicts.Add(new ConfigConflict(runtime, $"the file says {overruling}"));
            }
            else if (SiteDiff.TryApply(site, [runtime], out SiteConfig? changed, out string? problem))
            {
                site = changed;
            }
            else
            {
                conflicts.Add(new ConfigConflict(runtime, problem));
            }
        }

        return new SiteMerge(site, conflicts.ToImmutable());
    }
}
