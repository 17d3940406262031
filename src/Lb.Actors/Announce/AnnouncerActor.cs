using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Has each VIP answered for by one node of the cluster, by ARP and NDP. Understands <see cref="DrainVips"/>,
/// <see cref="HandOverVips"/> and <see cref="LeaveVips"/>; what it knows is on its board.
/// </summary>
public sealed partial class AnnouncerActor : ReceiveActor, IWithTimers
{
    /// <summary>Terms of a life are above those of lives before it: there is room for so many within one.</summary>
    private const int TermBits = 20;

    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>How long others have to take what a process leaves that ends.</summary>
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(3);

    private readonly IActorRef _site;
    private readonly IAnnouncerPeers? _peers;
    private readonly AnnouncerSettings _settings;
    private readonly AnnouncerBoard _board;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly IVipAddresses _addresses;
    private readonly AnnouncerRule _rule;
    private readonly VipKeeper _keeper;
    private readonly AnnouncerFitness _fitness = new();
    private readonly Dictionary<IPAddress, (VipClaim Claim, DateTimeOffset Since)> _since = [];
    private ServicesSnapshot? _services;
    private bool _unread;
    private bool _adopted;
    private bool _drains;
    private bool _leaves;
    private IActorRef? _handOver;
    private TimeSpan _handOverUntil;
    private long _takeovers;

    /// <summary>Use <see cref="Props"/>. Akka.NET creates actors by public constructors alone.</summary>
    public AnnouncerActor(
        IActorRef site,
        IVipAddresses addresses,
        IAnnouncerPeers? peers,
        AnnouncerSettings settings,
        AnnouncerBoard board,
        TimeProvider clock,
        ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _site = site;
        _peers = peers;
        _settings = settings;
        _board = board;
        _clock = clock;
        _log = loggers.CreateLogger<AnnouncerActor>();
        _addresses = addresses;
        _keeper = new VipKeeper(addresses, settings, _log);
        _rule = new AnnouncerRule(
            peers?.Self ?? "this node",
            (uint)Random.Shared.NextInt64(uint.MaxValue),
            peers is null ? AnnouncerTimes.Default with { Listen = TimeSpan.Zero } : AnnouncerTimes.Default);
        Receive<Tick>(_ => OnTick());
        Receive<Look>(_ => OnLook());
        Receive<ServicesSnapshot>(services => _services = services);
        Receive<Status.Failure>(_ => { }); // Asked again; what was known holds.
        Receive<Heard>(OnHeard);
        Receive<DrainVips>(OnDrain);
        Receive<HandOverVips>(_ => OnHandOver());
        Receive<LeaveVips>(_ => _leaves = true);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>The announcer by ARP and NDP; its usual name is <c>announcer</c>.</summary>
    /// <param name="site">The site's actor, which knows the VIPs.</param>
    /// <param name="addresses">Puts addresses on interfaces. Disposed of with the actor.</param>
    /// <param name="peers">The other nodes; null for a node that is alone and answers for all.</param>
    /// <param name="settings">What the operator wants.</param>
    /// <param name="board">Where it writes what it knows.</param>
    /// <param name="clock">Time.</param>
    /// <param name="loggers">Makes its logger.</param>
    public static Props Props(
        IActorRef site,
        IVipAddresses addresses,
        IAnnouncerPeers? peers,
        AnnouncerSettings settings,
        AnnouncerBoard board,
        TimeProvider clock,
        ILoggerFactory loggers) =>
        Akka.Actor.Props.Create(() => new AnnouncerActor(site, addresses, peers, settings, board, clock, loggers));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        IActorRef self = Self;
        _peers?.Listen((from, message) => self.Tell(new Heard(from, message)));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, AnnouncerTimes.Default.Tick);
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, TimeSpan.Zero, LookTime);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (!_leaves)
        {
            _rule.End();
            Carry();
            _keeper.ReleaseAll();
        }

        _addresses.Dispose();
    }

    private void OnLook() => _ = _site.Ask<ServicesSnapshot>(new GetServices(), AnswerTime).PipeTo(Self);

    private void OnHeard(Heard heard)
    {
        if (AnnouncerHelloCodec.Read(heard.Message.Span) is { } hello)
        {
            _rule.OnHello(heard.From, hello);
            Carry();
        }
    }

    private void OnTick()
    {
        AnnouncerCluster? cluster = _peers?.Cluster;
        TimeSpan now = Now;
        if (cluster is { HasEnded: true })
        {
            // The address is another process's, or the node has left: what it had ends by itself, or has been taken.
            Publish(cluster, now);
            return;
        }

        Refresh(now);
        ImmutableHashSet<IPAddress> vips = Vips();
        Adopt(vips);
        UpdateFitness(cluster, now);
        bool drains = _drains || _handOver is not null || cluster is { IsLeaving: true } || _fitness.MustHandOver;
        _rule.Tick(now, new AnnouncerInput(
            vips, cluster?.Others ?? [], _fitness.Reason is null, drains, (cluster?.Incarnation ?? 0) << TermBits)
        {
            Prefers = _settings.Prefers,
            Blocked = _keeper.Blocked(vips),
        });
        Carry();
        _keeper.Keep(Held(), vips, now, _rule.MayAnswer);
        CheckHandOver(now);
        Publish(cluster, now);
    }

    private void Refresh(TimeSpan now)
    {
        try
        {
            _keeper.Refresh(now);
            _unread = false;
        }
        catch (KernelException reason)
        {
            if (!_unread)
            {
                _log.VipHostUnread(reason.Message);
            }

            _unread = true;
        }
    }

    private ImmutableHashSet<IPAddress> Held() => [.. _rule.Held.Select(claim => claim.Vip)];

    private ImmutableHashSet<IPAddress> Vips() =>
        _services is null
            ? _settings.FirstVips
            : [.. _services.Services.Where(service => !service.Vip.IsPrefix).Select(service => service.Vip.Address), .. _settings.Addresses];

    /// <summary>What an earlier process has left is gone on with, where it ends in favour of this one or nobody else could.</summary>
    private void Adopt(ImmutableHashSet<IPAddress> vips)
    {
        if (_adopted)
        {
            return;
        }

        _adopted = true;
        if (_settings.Follows || _peers is null)
        {
            IPAddress[] left = [.. _keeper.Left(vips)];
            _rule.Adopt(left);
            Array.ForEach(left, _log.VipAdopted);
            _ = _rule.Drain();
        }
    }

    private void UpdateFitness(AnnouncerCluster? cluster, TimeSpan now)
    {
        string? before = _fitness.Reason;
        string? hard = cluster is { IsIn: false } ? "it is not in the cluster"
            : !_keeper.HasInterface ? $"none of {string.Join(", ", _settings.Interfaces)} is up and connected"
            : _settings.Gate?.Missing;
        _fitness.Update(hard, _fitness.ProblemOf(_services), now);
        if (_fitness.Reason is null && before is not null)
        {
            _log.VipsCanBeTaken();
        }
        else if (_fitness.Reason is { } reason && before is null)
        {
            _log.VipsNotTaken(reason);
        }
    }

    private sealed record Heard(string From, ReadOnlyMemory<byte> Message);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
