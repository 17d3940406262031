using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Keeps one <see cref="RelayActor"/> for each service that is relayed, from the moment that its first table is known.
/// </summary>
internal sealed class RelaysActor : ReceiveActor
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly ChildSet<(string Service, Endpoint Vip)> _relays;
    private readonly Dictionary<(string Service, Endpoint Vip), RelaySettings> _settings = [];
    private readonly Dictionary<(string Service, Endpoint Vip), RouteRelay> _routes = [];
    private readonly HashSet<(string Service, Endpoint Vip)> _leaving = [];
    private bool _ends;

    public RelaysActor(SiteContext context)
    {
        _relays = new ChildSet<(string Service, Endpoint Vip)>(
            () => Context,
            relay => relay.Service,
            relay => Props.Create(() => new RelayActor(context, relay.Service, relay.Vip, Use(relay))));
        Receive<ConfigureRelays>(OnConfigure);
        Receive<RouteRelay>(OnRoute);
        Receive<DrainRelay>(OnDrain);
        Receive<RelayIsOver>(OnIsOver);
        Receive<EndRelays>(_ => OnEnd());
        Receive<GetRelays>(_ => OnGetRelays());
        Receive<Terminated>(terminated => _relays.OnTerminated(terminated.ActorRef));
    }

    protected override SupervisorStrategy SupervisorStrategy() => Anew.Strategy;

    protected override void PreStart() => Context.Parent.Tell(new RelaysReady());

    private void OnConfigure(ConfigureRelays configure)
    {
        _settings.Clear();
        _leaving.Clear();
        foreach (RelayConfig relay in configure.Relays)
        {
            _settings.Add((relay.Service, relay.Vip), relay.Settings);
        }

        foreach (RelayConfig other in configure.Others.Where(other => _routes.ContainsKey((other.Service, other.Vip))))
        {
            _settings.Add((other.Service, other.Vip), other.Settings);
            _leaving.Add((other.Service, other.Vip));
        }

        foreach ((string Service, Endpoint Vip) gone in _routes.Keys.Where(relay => !_settings.ContainsKey(relay)).ToArray())
        {
            _routes.Remove(gone);
        }

        foreach (((string Service, Endpoint Vip) key, IActorRef relay) in _relays.Running.Where(r => _settings.ContainsKey(r.Key)))
        {
            relay.Tell(Use(key));
        }

        StartThose();
    }

    private void OnRoute(RouteRelay route)
    {
        (string Service, Endpoint Vip) key = (route.Service, route.Vip);
        if (!_settings.ContainsKey(key))
        {
            // On its way while the service left the config.
            return;
        }

        _routes[key] = route;
        if (_relays.Running.TryGetValue(key, out IActorRef? relay))
        {
            relay.Tell(Use(key));
        }
        else
        {
            StartThose();
        }
    }

    /// <summary>One that does not run, as after a start, has drained.</summary>
    private void OnDrain(DrainRelay drain)
    {
        if (_relays.Running.TryGetValue((drain.Service, drain.Vip), out IActorRef? relay))
        {
            relay.Tell(drain);
        }
        else
        {
            drain.Owner.Tell(new RelayDrained(0));
        }
    }

    private void OnIsOver(RelayIsOver over)
    {
        (string Service, Endpoint Vip) key = (over.Drain.Service, over.Drain.Vip);
        if (_leaving.Remove(key))
        {
            _settings.Remove(key);
            _routes.Remove(key);
            StartThose();
            over.Drain.Owner.Tell(new RelayDrained(over.Open));
        }
    }

    private void OnEnd()
    {
        _ends = true;
        StartThose();
    }

    private void StartThose() => _relays.Set(_ends ? [] : [.. _routes.Keys]);

    private UseRelay Use((string Service, Endpoint Vip) relay) =>
        new(_settings[relay], _routes[relay].Table, _routes[relay].Owner);

    private void OnGetRelays() => _ = CollectAsync(_relays.Running.ToImmutableDictionary()).PipeTo(Sender, Self);

    private static async Task<RelayList> CollectAsync(
        ImmutableDictionary<(string Service, Endpoint Vip), IActorRef> relays)
    {
        (Endpoint Vip, RelaySnapshot? Snapshot)[] read = await Task.WhenAll(relays.Select(
            async relay => (relay.Key.Vip, await AskAsync(relay.Value))));
        return new RelayList(read
            .Where(relay => relay.Snapshot is not null)
            .ToImmutableDictionary(relay => relay.Vip, relay => relay.Snapshot!));
    }

    private static async Task<RelaySnapshot?> AskAsync(IActorRef relay)
    {
        try
        {
            return await relay.Ask<RelaySnapshot>(new GetRelay(), AnswerTime);
        }
        catch (AskTimeoutException)
        {
            // It is ending, or being restarted.
            return null;
        }
    }
}
