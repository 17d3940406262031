using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Makes the site what a config says. Answered by <see cref="ConfigApplied"/> or <see cref="ConfigRefused"/>.</summary>
/// <param name="Config">The config.</param>
public sealed record ApplyConfig(SiteConfig Config);

/// <summary>A config holds from now on. The kernel follows as backends pass their checks.</summary>
/// <param name="Added">Services that are new.</param>
/// <param name="Changed">Services that differ.</param>
/// <param name="Removed">Services that are gone.</param>
public sealed record ConfigApplied(
    ImmutableArray<string> Added, ImmutableArray<string> Changed, ImmutableArray<string> Removed);

/// <summary>A config cannot be applied; everything stays as it was.</summary>
/// <param name="Reasons">All that is wrong with it.</param>
public sealed record ConfigRefused(ImmutableArray<string> Reasons);

/// <summary>Asks for the state of the site. Answered by <see cref="ServicesSnapshot"/>.</summary>
public sealed record GetServices;

/// <summary>The state of a site on this node.</summary>
/// <param name="Site">Name of the site.</param>
/// <param name="Services">Services by name.</param>
/// <param name="Kernel">The kernel's side.</param>
public sealed record ServicesSnapshot(string Site, ImmutableArray<ServiceSnapshot> Services, KernelSnapshot Kernel);

/// <summary>No service runs yet, at the start or after a crash: the parent says which are to be.</summary>
internal sealed record ServicesReady;
