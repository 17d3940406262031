using Akka.Actor;

namespace Lb.Actors;

/// <summary>What the service answers when it is asked how it is, or what a change would do.</summary>
internal sealed partial class ServiceActor
{
    private readonly Queue<(IActorRef Asker, PlanService Plan)> _plans = [];

    private void OnGetService() =>
        Sender.Tell(ServiceView.Of(_state ?? ServiceState.Start(_config), _generation, _tracked, _drains, _written, _problem) with
        {
            DrainEnded = _drainEnded,
        });

    private void OnPlan(PlanService plan)
    {
        ServiceState state = _state ?? ServiceState.Start(_config);
        if (_generation is not null && !ReferenceEquals(_generation.Config, state.Config))
        {
            // A change before this one has no table yet: without it what comes next, as its undoing, would seem to move nothing.
            _plans.Enqueue((Sender, plan));
            return;
        }

        Foretell(state, plan, Sender);
    }

    /// <summary>Plans that waited for the table of the config in force.</summary>
    private void FollowPlans()
    {
        while (ReferenceEquals(_generation!.Config, _state!.Config) && _plans.TryDequeue(out (IActorRef Asker, PlanService Plan) next))
        {
            Foretell(_state, next.Plan, next.Asker);
        }
    }

    private void Foretell(ServiceState state, PlanService plan, IActorRef asker)
    {
        if (FlowForecaster.NeedsFlows(_generation))
        {
            _ = PlanFlows.PlanAsync(_bridge, state, _generation!, plan.Config, _flowsConfig, _context.Now).PipeTo(asker, Self);
        }
        else
        {
            asker.Tell(ServicePlan.Of(state, _generation, plan.Config, null, _flowsConfig, _context.Now));
        }
    }
}
