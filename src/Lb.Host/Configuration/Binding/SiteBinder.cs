using System.Collections.Immutable;
using Lb.Actors;

namespace Lb.Host.Configuration;

/// <summary>Makes the record of a site from a configuration that was found right.</summary>
internal static class SiteBinder
{
    public static SiteConfig Bind(SectionValues lb, IEnumerable<ServiceDraft> services)
    {
        SectionValues flows = lb.Get(NodeKeys.Flows.Key);
        SectionValues plan = lb.Get(NodeKeys.Plan.Key);
        uint seed = (uint)lb.Get(NodeKeys.HashSeed);
        return new SiteConfig(
            lb.Get(NodeKeys.Site),
            [.. lb.Get(NodeKeys.Nat.Key).Get(NodeKeys.Nat.Direct).Select(p => p.Value)],
            services
                .Select(s => ServiceBinder.Bind(s, seed))
                .ToImmutableSortedDictionary(s => s.Name, s => s, StringComparer.Ordinal),
            new FlowsConfig(flows.Get(NodeKeys.Flows.SweepInterval), flows.Get(NodeKeys.Flows.UdpWindow)),
            lb.Get(NodeKeys.Kernel.Key).Get(NodeKeys.Kernel.CheckInterval))
        {
            Limits = new PlanLimits(plan.Get(NodeKeys.Plan.MaxMovedFlows), plan.Get(NodeKeys.Plan.MaxLostFlows)),
            LogSample = (int)lb.Get(NodeKeys.FlowLog.Key).Get(NodeKeys.FlowLog.SampleRate),
        };
    }
}
