using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Keeps one <see cref="ProbeActor"/> for each backend of a service that is to be probed.</summary>
internal sealed class HealthActor : ReceiveActor
{
    private readonly ChildSet<Endpoint> _probes;
    private Dictionary<Endpoint, ProbeTarget> _targets = [];
    private HealthConfig? _config;

    public HealthActor(SiteContext context)
    {
        _probes = new ChildSet<Endpoint>(
            () => Context,
            socket => $"{_targets[socket].Name} {socket}",
            socket => Props.Create(() => new ProbeActor(context, _targets[socket], _config!)));
        Receive<ProbeBackends>(OnProbeBackends);
        Receive<BackendJudged>(judged => Context.Parent.Forward(judged));
        Receive<Terminated>(terminated => _probes.OnTerminated(terminated.ActorRef));
    }

    protected override void PreStart() => Context.Parent.Tell(new HealthReady());

    private void OnProbeBackends(ProbeBackends probe)
    {
        bool changed = _config != probe.Config;
        _config = probe.Config;
        _targets = probe.Targets.ToDictionary(target => target.Socket);
        if (changed)
        {
            foreach (IActorRef running in _probes.Running.Values)
            {
                running.Tell(new ConfigureProbe(probe.Config));
            }
        }

        _probes.Set(probe.Config.Check is HealthCheck.None ? [] : _targets.Keys);
    }
}
