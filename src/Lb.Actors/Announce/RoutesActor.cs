using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Has routers told that VIPs can be reached by this node, as long as it can forward. Understands <see cref="DrainVips"/>,
/// <see cref="HandOverVips"/> and <see cref="LeaveVips"/>; what it knows is on its board.
/// </summary>
public sealed class RoutesActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LookTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(3);

    private readonly IActorRef _site;
    private readonly IRouteSpeaker _speaker;
    private readonly AnnouncerSettings _settings;
    private readonly AnnouncerBoard _board;
    private readonly string? _self;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly AnnouncerFitness _fitness = new();
    private readonly Dictionary<IPAddress, (bool Here, DateTimeOffset Since)> _since = [];
    private ServicesSnapshot? _services;
    private ImmutableHashSet<IPAddress> _announced = [];
    private bool _drains;
    private IActorRef? _handOver;
    private TimeSpan _handOverUntil;
    private long _takeovers;

    /// <summary>Use <see cref="Props"/>. Akka.NET creates actors by public constructors alone.</summary>
    public RoutesActor(
        IActorRef site,
        IRouteSpeaker speaker,
        string? self,
        AnnouncerSettings settings,
        AnnouncerBoard board,
        TimeProvider clock,
        ILoggerFactory loggers)
    {
        _site = site;
        _speaker = speaker;
        _self = self;
        _settings = settings;
        _board = board;
        _clock = clock;
        _log = loggers.CreateLogger<RoutesActor>();
        Receive<Tick>(_ => OnTick());
        Receive<Look>(_ => OnLook());
        Receive<ServicesSnapshot>(OnServices);
        Receive<Status.Failure>(_ => { }); // Asked again; what was known holds.
        Receive<DrainVips>(OnDrain);
        Receive<HandOverVips>(_ => OnHandOver());
        Receive<LeaveVips>(_ => { }); // The next process has sessions of its own.
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>The announcer by routes; its usual name is <c>announcer</c>.</summary>
    /// <param name="site">The site's actor, which knows the VIPs.</param>
    /// <param name="speaker">Talks to routers. Disposed of with the actor.</param>
    /// <param name="self">Where the node is, as other nodes know it; null when it is alone.</param>
    /// <param name="settings">What the operator wants.</param>
    /// <param name="board">Where it writes what it knows.</param>
    /// <param name="clock">Time.</param>
    /// <param name="loggers">Makes its logger.</param>
    public static Props Props(
        IActorRef site,
        IRouteSpeaker speaker,
        string? self,
        AnnouncerSettings settings,
        AnnouncerBoard board,
        TimeProvider clock,
        ILoggerFactory loggers) =>
        Akka.Actor.Props.Create(() => new RoutesActor(site, speaker, self, settings, board, clock, loggers));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TickTime);
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, TimeSpan.Zero, LookTime);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _speaker.Dispose();

    private void OnLook() => _ = _site.Ask<ServicesSnapshot>(new GetServices(), AnswerTime).PipeTo(Self);

    private void OnServices(ServicesSnapshot services)
    {
        _services = services;
        OnTick();
    }

    private void OnTick()
    {
        TimeSpan now = Now;
        string? before = _fitness.Reason;
        _fitness.Update(_settings.Gate?.Missing, _fitness.ProblemOf(_services), now);
        if (_fitness.Reason is null && before is not null)
        {
            _log.VipsCanBeTaken();
        }
        else if (_fitness.Reason is { } reason && before is null)
        {
            _log.VipsNotTaken(reason);
        }

        Announce(_drains || _handOver is not null || _fitness.Reason is not null ? [] : Wanted());
        if (_handOver is { } asker && (_speaker.State.Told.IsEmpty || now >= _handOverUntil))
        {
            asker.Tell(new VipsHandedOver(_speaker.State.Told.Count));
            _handOverUntil = TimeSpan.MaxValue;
            _handOver = ActorRefs.Nobody;
        }

        Publish();
    }

    private ImmutableHashSet<IPAddress> Wanted() => _services is null
        ? []
        :
        [
            .. _services.Services
                .Where(service => !service.Vip.IsPrefix)
                .Where(service => !_settings.WithdrawEmpty || service.Backends.Any(backend => backend.Slots > 0))
                .Select(service => service.Vip.Address),
            .. _settings.Addresses,
        ];

    private void Announce(ImmutableHashSet<IPAddress> vips)
    {
        if (vips.SetEquals(_announced))
        {
            return;
        }

        foreach (IPAddress added in vips.Except(_announced))
        {
            _takeovers++;
            _log.RouteTold(added);
        }

        foreach (IPAddress gone in _announced.Except(vips))
        {
            _log.RouteWithdrawn(gone);
        }

        _announced = vips;
        _speaker.Announce(vips);
    }

    private void OnDrain(DrainVips drain)
    {
        if (drain.Drains != _drains)
        {
            _drains = drain.Drains;
            if (_drains)
            {
                _log.VipsDraining();
            }
            else
            {
                _log.VipsNotDraining();
            }
        }

        OnTick();
        Sender.Tell(_board.Current);
    }

    private void OnHandOver()
    {
        _handOver = Sender;
        _handOverUntil = Now + HandOverTime;
        OnTick();
    }

    private void Publish()
    {
        RouteSpeakerState state = _speaker.State;
        ImmutableHashSet<IPAddress> vips = _services is null
            ? _settings.FirstVips
            : [.. _services.Services.Where(service => !service.Vip.IsPrefix).Select(service => service.Vip.Address), .. _settings.Addresses];
        _board.Current = new AnnouncerSnapshot(
            AnnounceMode.Bgp,
            _self,
            _drains || _handOver is not null,
            _fitness.Reason ?? state.Problem,
            [.. vips.OrderBy(vip => vip.ToString(), StringComparer.Ordinal).Select(vip => Describe(vip, state))])
        {
            Neighbours = state.Neighbours,
            Takeovers = _takeovers,
        };
    }

    private VipSnapshot Describe(IPAddress vip, RouteSpeakerState state)
    {
        bool here = state.Told.Contains(vip) && state.Neighbours.Any(
            neighbour => neighbour.IsUp && neighbour.Address.AddressFamily == vip.AddressFamily);
        if (!_since.TryGetValue(vip, out (bool Here, DateTimeOffset Since) known) || known.Here != here)
        {
            known = (here, _clock.GetUtcNow());
            _since[vip] = known;
        }

        string? problem = here || !_announced.Contains(vip) ? null
            : state.Problem ?? "no session with a router of its address family is up";
        return new VipSnapshot(vip, here ? _self : null, here, 0, known.Since, here ? "bgp" : string.Empty, problem);
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
