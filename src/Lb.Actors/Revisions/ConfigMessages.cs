using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// Makes the site what its file says, with the runtime changes that the file does not overrule. Answered by
/// a <see cref="ConfigAnswer"/>.
/// </summary>
/// <param name="Config">What the file says.</param>
/// <param name="Info">Who, when and why.</param>
/// <param name="RefuseConflicts">Changes nothing when the file overrules a runtime change.</param>
/// <param name="Force">Goes beyond the limits on live flows; the history says so.</param>
public sealed record ApplyConfig(
    SiteConfig Config, ChangeInfo Info, bool RefuseConflicts = false, bool Force = false)
{
    /// <summary>
    /// It is the file that a node starts with. Where nodes share the config it founds the site and changes nothing later.
    /// </summary>
    internal bool IsStart { get; init; }
}

/// <summary>
/// Changes the site at run time. Answered by a <see cref="ConfigAnswer"/>.
/// </summary>
/// <param name="Changes">What is to change, carried out in this order, all or nothing.</param>
/// <param name="Info">Who, when and why.</param>
/// <param name="ExpectedRevision">The revision that the asker has seen; another one refuses. Null takes any.</param>
/// <param name="Force">Goes beyond the limits on live flows; the history says so.</param>
public sealed record ChangeSite(
    ImmutableArray<SiteChange> Changes, ChangeInfo Info, long? ExpectedRevision = null, bool Force = false);

/// <summary>
/// Makes the site what it was at a revision; the file stays the base, so the difference counts as changed at run
/// time. Answered by a <see cref="ConfigAnswer"/>.
/// </summary>
/// <param name="Revision">The revision to go back to.</param>
/// <param name="Info">Who, when and why.</param>
/// <param name="Force">Goes beyond the limits on live flows; the history says so.</param>
public sealed record RollbackSite(long Revision, ChangeInfo Info, bool Force = false);

/// <summary>What became of a wish to change the site, or of a question about its config.</summary>
public abstract record ConfigAnswer
{
    private protected ConfigAnswer()
    {
    }
}

/// <summary>A config holds from now on. The kernel follows as backends pass their checks.</summary>
/// <param name="Revision">Number of the revision; that of the last one when nothing changed.</param>
/// <param name="Added">Services that are new.</param>
/// <param name="Changed">Services that differ.</param>
/// <param name="Removed">Services that are gone.</param>
/// <param name="Conflicts">Runtime changes that the file has overruled.</param>
public sealed record ConfigApplied(
    long Revision,
    ImmutableArray<string> Added,
    ImmutableArray<string> Changed,
    ImmutableArray<string> Removed,
    ImmutableArray<ConfigConflict> Conflicts) : ConfigAnswer;

/// <summary>A config was not applied, because it would overrule runtime changes; everything stays as it was.</summary>
/// <param name="Conflicts">The changes that would be gone.</param>
public sealed record ConfigConflicted(ImmutableArray<ConfigConflict> Conflicts) : ConfigAnswer;

/// <summary>A config cannot be applied; everything stays as it was.</summary>
/// <param name="Reasons">All that is wrong with it.</param>
public sealed record ConfigRefused(ImmutableArray<string> Reasons) : ConfigAnswer
{
    /// <summary>Somebody else has changed the site meanwhile: nothing is wrong with what was asked for.</summary>
    internal bool IsStale { get; init; }
}

/// <summary>A config was not applied, because it would do more to live flows than it may; everything stays as it was.</summary>
/// <param name="Excesses">What would be too much.</param>
public sealed record ConfigLimited(ImmutableArray<PlanExcess> Excesses) : ConfigAnswer;

/// <summary>The journal cannot be used, so no change is taken; the node goes on with what it has.</summary>
/// <param name="Reason">Why it cannot be used.</param>
public sealed record ConfigUnavailable(string Reason) : ConfigAnswer;

/// <summary>The journal did not confirm a change. Whether it holds shows when the journal is back.</summary>
/// <param name="Reason">What the journal said.</param>
public sealed record ConfigUnconfirmed(string Reason) : ConfigAnswer;

/// <summary>
/// Asks for the past of the site's config. Answered by <see cref="SiteHistory"/> or <see cref="ConfigUnavailable"/>.
/// </summary>
/// <param name="To">The last revision wanted; later ones are not read.</param>
/// <param name="Count">How many before it, at most.</param>
public sealed record GetHistory(long To = long.MaxValue, int Count = int.MaxValue);

/// <summary>The past of a site's config.</summary>
/// <param name="Revisions">Revisions, oldest first.</param>
/// <param name="State">The config after the last of them.</param>
public sealed record SiteHistory(ImmutableArray<SiteChanged> Revisions, ConfigState State);

/// <summary>Asks for the config that holds. Answered by <see cref="ConfigState"/> or <see cref="ConfigUnavailable"/>.</summary>
/// <param name="Latest">
/// Looks into the journal whether another node has changed it; without that the answer is what holds on this node.
/// </param>
public sealed record GetConfig(bool Latest = false);

/// <summary>A node of a cluster starts with a file, and the site has a config already: that one holds.</summary>
internal sealed record ConfigFounded : ConfigAnswer;

/// <summary>What the site's config is: read, or just changed.</summary>
/// <param name="State">The config.</param>
/// <param name="Applied">What this node has changed; null when it has read the journal.</param>
/// <param name="IsStart">That was by the file which it starts with.</param>
/// <param name="News">What others have changed since this node knew it.</param>
internal sealed record ConfigKnown(
    ConfigState State, ConfigApplied? Applied, bool IsStart, ImmutableArray<SiteChanged> News);
