using Akka.Actor;

namespace Lb.Actors;

/// <summary>Plans with what the flow table holds.</summary>
internal static class PlanFlows
{
    /// <summary>How long the flow table may take to be read; after it a plan goes by slots alone.</summary>
    public static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(2);

    /// <summary>Reads the service's entries and plans with them; without them when the kernel does not tell.</summary>
    public static async Task<ServicePlan> PlanAsync(
        IActorRef bridge,
        ServiceState state,
        Generation generation,
        ServiceConfig? config,
        FlowsConfig windows,
        long now)
    {
        FlowsRead? read = null;
        try
        {
            read = await bridge.Ask<FlowsRead>(new GetFlows(generation.Desired.Vip), ReadTime);
        }
        catch (AskTimeoutException)
        {
            // The kernel refuses, or the table is very large: the plan says that it goes by slots.
        }

        // What the kernel holds for another revision has other backends' ids.
        bool fits = read?.Revision == generation.Desired.Revision;
        return ServicePlan.Of(state, generation, config, fits ? read!.Flows : null, windows, now);
    }
}
