using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// Asks what would happen if the site became something else; nothing happens. Answered by <see cref="SitePlan"/>, or by
/// <see cref="ConfigUnavailable"/> while no config is in force.
/// </summary>
/// <param name="Site">What the site would be.</param>
public sealed record PlanSite(SiteConfig Site);

/// <summary>What would happen to a site.</summary>
/// <param name="Services">Services that would change, by name.</param>
public sealed record SitePlan(ImmutableArray<ServicePlan> Services);

/// <summary>Asks a service the same.</summary>
/// <param name="Config">What it would be; null when it would go.</param>
internal sealed record PlanService(ServiceConfig? Config);
