using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>What a site is to be, checked and complete: every default is filled in.</summary>
/// <param name="Name">Name of the site: pins and logs carry it.</param>
/// <param name="Direct">Prefixes whose traffic with nat backends is left alone (<c>nat.direct</c>).</param>
/// <param name="Services">Services by name.</param>
/// <param name="Flows">How moved slots and tracked flows are swept.</param>
/// <param name="CheckInterval">Time between two read-backs of the kernel's state.</param>
public sealed record SiteConfig(
    string Name,
    ImmutableHashSet<IPNetwork> Direct,
    ImmutableSortedDictionary<string, ServiceConfig> Services,
    FlowsConfig Flows,
    TimeSpan CheckInterval)
{
    /// <summary>What holds where nothing is said of <see cref="LogSample"/>.</summary>
    public const int DefaultLogSample = 100;

    /// <summary>How much a change may do to live flows.</summary>
    public PlanLimits Limits { get; init; } = PlanLimits.None;

    /// <summary>Sampled services log one flow in so many; the same on every node.</summary>
    public int LogSample { get; init; } = DefaultLogSample;
}

/// <summary>The sweep of moved slots.</summary>
/// <param name="SweepInterval">Time between two sweeps while some slot is moved.</param>
/// <param name="UdpWindow">Time after a change in which an unknown UDP flow counts as older than it.</param>
public sealed record FlowsConfig(TimeSpan SweepInterval, TimeSpan UdpWindow);
