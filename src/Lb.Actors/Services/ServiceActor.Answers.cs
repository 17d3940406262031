using Akka.Actor;

namespace Lb.Actors;

/// <summary>What the service answers when it is asked how it is, or what a change would do.</summary>
internal sealed partial class ServiceActor
{
    private void OnGetService() =>
        Sender.Tell(ServiceView.Of(_state ?? ServiceState.Start(_config), _generation, _tracked, _drains, _written, _problem) with
        {
            DrainEnded = _drainEnded,
        });

    private void OnPlan(PlanService plan)
    {
        ServiceState state = _state ?? ServiceState.Start(_config);
        if (FlowForecaster.NeedsFlows(_generation))
        {
            _ = PlanFlows.PlanAsync(_bridge, state, _generation!, plan.Config, _flowsConfig, _context.Now).PipeTo(Sender, Self);
        }
        else
        {
            Sender.Tell(ServicePlan.Of(state, _generation, plan.Config, null, _flowsConfig, _context.Now));
        }
    }
}
