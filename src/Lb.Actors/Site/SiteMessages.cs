using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Asks for the state of the site. Answered by <see cref="ServicesSnapshot"/>.</summary>
public sealed record GetServices;

/// <summary>Asks for the config in force, which is known whatever the journal does.</summary>
public sealed record GetSite;

/// <summary>Reply to <see cref="GetSite"/>.</summary>
/// <param name="Site">The config; null while none holds.</param>
public sealed record SiteInForce(SiteConfig? Site);

/// <summary>The state of a site on this node.</summary>
/// <param name="Site">Name of the site.</param>
/// <param name="Config">Which config holds.</param>
/// <param name="Services">Services by name.</param>
/// <param name="Kernel">The kernel's side.</param>
public sealed record ServicesSnapshot(
    string Site, ConfigSnapshot Config, ImmutableArray<ServiceSnapshot> Services, KernelSnapshot Kernel)
{
    /// <summary>Services whose tables are others than most nodes of the cluster have.</summary>
    public ImmutableArray<string> Apart { get; init; } = [];
}

/// <summary>Which config of the site holds.</summary>
/// <param name="InForce">A config holds; false while a node starts.</param>
/// <param name="Revision">Its revision; 0 for a file that could not be recorded yet.</param>
/// <param name="RuntimeChanges">Changes at run time that are on top of the file.</param>
/// <param name="Problem">Why the journal cannot be used, and so no change is taken; null when it can.</param>
public sealed record ConfigSnapshot(bool InForce, long Revision, int RuntimeChanges, string? Problem)
{
    /// <summary>
    /// What the node's own file says otherwise than the file that was applied last, where nodes share the config.
    /// </summary>
    public ImmutableArray<SiteChange> OtherFile { get; init; } = [];
}

/// <summary>No service runs yet, at the start or after a crash: the parent says which are to be.</summary>
internal sealed record ServicesReady;
