using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>What of a site's config belongs to no service.</summary>
/// <param name="Direct">Prefixes whose traffic with nat backends is left alone.</param>
/// <param name="Flows">How moved slots and tracked flows are swept.</param>
/// <param name="CheckInterval">Time between two read-backs of the kernel's state.</param>
public sealed record SiteSettings(ImmutableHashSet<IPNetwork> Direct, FlowsConfig Flows, TimeSpan CheckInterval)
{
    /// <summary>How much a change may do to live flows.</summary>
    public PlanLimits Limits { get; init; } = PlanLimits.None;

    /// <summary>Sampled services log one flow in so many.</summary>
    public int LogSample { get; init; } = SiteConfig.DefaultLogSample;

    /// <summary>The settings of a config.</summary>
    public static SiteSettings Of(SiteConfig config) => new(config.Direct, config.Flows, config.CheckInterval)
    {
        Limits = config.Limits,
        LogSample = config.LogSample,
    };

    /// <summary>The config with these settings.</summary>
    public SiteConfig ApplyTo(SiteConfig config) => config with
    {
        Direct = Direct,
        Flows = Flows,
        CheckInterval = CheckInterval,
        Limits = Limits,
        LogSample = LogSample,
    };

    /// <summary>What is in the set of prefixes counts, not which set it is.</summary>
    public bool Equals(SiteSettings? other) =>
        other is not null
        && Flows == other.Flows
        && CheckInterval == other.CheckInterval
        && Limits == other.Limits
        && LogSample == other.LogSample
        && Direct.SetEquals(other.Direct);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Flows, CheckInterval, LogSample, Direct.Count);
}
