using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>How much an operator's change may do to the live flows of a service, unless it is forced.</summary>
/// <param name="MaxMoved">Largest share of a service's live flows on slots that move, 0 to 1.</param>
/// <param name="MaxLost">Largest share of a service's live flows that lose their backend, 0 to 1.</param>
public sealed record PlanLimits(double MaxMoved, double MaxLost)
{
    /// <summary>Anything may happen.</summary>
    public static PlanLimits None { get; } = new(1, 1);

    /// <summary>What a plan does beyond the limits.</summary>
    public ImmutableArray<PlanExcess> Exceeded(SitePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            .. plan.Services.SelectMany(service => (IEnumerable<PlanExcess>)
            [
                new(service.Service, PlanLimit.MaxMovedFlows, service.Flows.Moved, MaxMoved, service.Flows.Source),
                new(service.Service, PlanLimit.MaxLostFlows, service.Flows.Lost, MaxLost, service.Flows.Source),
            ]).Where(excess => excess.Share > excess.Limit),
        ];
    }
}

/// <summary>A limit on plans.</summary>
public enum PlanLimit
{
    /// <summary><c>plan.max-moved-flows</c>.</summary>
    MaxMovedFlows,

    /// <summary><c>plan.max-lost-flows</c>.</summary>
    MaxLostFlows,
}

/// <summary>A service of which a change would move or lose more flows than it may.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Key">Which limit it is.</param>
/// <param name="Share">Share of its live flows, 0 to 1.</param>
/// <param name="Limit">What the limit is.</param>
/// <param name="Source">Where the share is from.</param>
public sealed record PlanExcess(string Service, PlanLimit Key, double Share, double Limit, FlowSource Source)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string what = Key == PlanLimit.MaxMovedFlows ? "would move" : "would lose their backend";
        string key = Key == PlanLimit.MaxMovedFlows ? "plan.max-moved-flows" : "plan.max-lost-flows";
        return FormattableString.Invariant(
            $"{(Share < 0.001 ? "less than 0.1 %" : FormattableString.Invariant($"{Share:P1}"))} of the live flows of {Service} {what}, and {key} is {Limit:P1}");
    }
}
