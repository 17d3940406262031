using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Keeps one <see cref="ProbeActor"/> for each backend of a service that this node is to probe: all of them, or its share
/// where nodes vote. There a verdict of its own probes is a voice, and the service goes by what is agreed.
/// </summary>
internal sealed class HealthActor : ReceiveActor
{
    private readonly string _service;
    private readonly Endpoint _vip;
    private readonly bool _votes;
    private readonly ChildSet<Endpoint> _probes;
    private Dictionary<Endpoint, ProbeTarget> _targets = [];
    private ImmutableHashSet<Endpoint> _share = [];
    private HealthConfig? _config;
    private TimeSpan _slowStart;

    public HealthActor(SiteContext context, string service, Endpoint vip)
    {
        _service = service;
        _vip = vip;
        _votes = context.Voters is not null;
        _probes = new ChildSet<Endpoint>(
            () => Context,
            socket => $"{_targets[socket].Name} {socket}",
            socket => Props.Create(() => new ProbeActor(context, StartOf(socket), _config!)));
        Receive<ProbeBackends>(OnProbeBackends);
        Receive<ProbeShare>(OnProbeShare);
        Receive<TellVotes>(_ => Join());
        Receive<BackendJudged>(OnJudged);
        Receive<BackendAgreed>(agreed => Context.Parent.Tell(new BackendJudged(agreed.Backend, agreed.Verdict, agreed.Step)));
        Receive<Terminated>(terminated => _probes.OnTerminated(terminated.ActorRef));
    }

    protected override SupervisorStrategy SupervisorStrategy() => Anew.Strategy;

    protected override void PreStart() => Context.Parent.Tell(new HealthReady());

    private void OnProbeBackends(ProbeBackends probe)
    {
        bool changed = _config != probe.Config;
        _config = probe.Config;
        _slowStart = probe.SlowStart;
        _targets = probe.Targets.ToDictionary(target => target.Socket);
        if (changed)
        {
            foreach (IActorRef running in _probes.Running.Values)
            {
                running.Tell(new ConfigureProbe(probe.Config));
            }
        }

        Join();
        SetProbes();
    }

    private void OnProbeShare(ProbeShare share)
    {
        _share = share.Backends;
        SetProbes();
    }

    private void OnJudged(BackendJudged judged)
    {
        if (_votes)
        {
            Context.Parent.Tell(new ToVotes.Seen(_service, judged.Socket, judged.Verdict));
        }
        else
        {
            Context.Parent.Forward(judged);
        }
    }

    private void Join()
    {
        if (_votes && _config is not null)
        {
            Context.Parent.Tell(new ToVotes.Join(
                _service,
                _vip,
                _config.Check is HealthCheck.None ? [] : [.. _targets.Values],
                (_config.Interval * (1 + _config.Jitter) * _config.Rise) + _config.Timeout)
            {
                SlowStart = _slowStart,
            });
        }
    }

    private void SetProbes() => _probes.Set(
        _config?.Check is null or HealthCheck.None ? []
        : _votes ? [.. _targets.Keys.Where(_share.Contains)]
        : _targets.Keys);

    /// <summary>A voice is what the node itself has seen: it begins with nothing.</summary>
    private ProbeTarget StartOf(Endpoint socket) =>
        _votes ? _targets[socket] with { Known = HealthVerdict.Unknown, Remembered = false } : _targets[socket];
}
