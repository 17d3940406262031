using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Actors;

/// <summary>
/// The site: has its config from the journal, puts it in force, and supervises the services and the kernel bridge.
/// Understands <see cref="ApplyConfig"/>, <see cref="ChangeSite"/>, <see cref="RollbackSite"/>,
/// <see cref="GetConfig"/>, <see cref="GetHistory"/>, <see cref="PlanSite"/>, <see cref="GetServices"/>, <see cref="GetSite"/>,
/// <see cref="GetTokens"/>, <see cref="AddToken"/>, <see cref="RevokeToken"/>, <see cref="ExplainFlow"/>,
/// <see cref="ListFlows"/>, <see cref="GetKernelMaps"/>, <see cref="GetVotes"/>, <see cref="GetSlices"/>, <see cref="GetConfigNodes"/>, <see cref="CheckKernel"/> and <see cref="RepairKernel"/>.
/// </summary>
public sealed partial class SiteActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    /// <summary>How long a node that starts waits for its journal before it goes by the file alone.</summary>
    private static readonly TimeSpan JournalTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan JournalRetry = TimeSpan.FromSeconds(2);

    private static readonly VerdictsRecovered NoVerdicts = new(
        ImmutableDictionary<string, ImmutableDictionary<Endpoint, HealthVerdict>>.Empty);

    private readonly SiteContext _context;
    private readonly SiteMemory _memory;
    private readonly ILogger _log;
    private readonly IActorRef _bridge;
    private readonly IActorRef _services;
    private readonly IActorRef _relays;
    private readonly ChildSet<JournalUser> _journal;

    // What holds; null until the journal has told it.
    private SiteConfig? _site;
    private VerdictsRecovered? _verdicts;

    /// <summary>Use <see cref="Props"/>. Akka.NET creates actors by public constructors alone.</summary>
    public SiteActor(SiteContext context, SiteMemory memory)
    {
        _context = context;
        _memory = memory;
        _log = context.Loggers.CreateLogger<SiteActor>();
        (string site, JournalPlace place) = (memory.Site, Place);
        IActorRef bridge = Context.ActorOf(Akka.Actor.Props.Create(() => new KernelBridgeActor(context)), "kernel");
        _bridge = bridge;
        _services = Context.ActorOf(Akka.Actor.Props.Create(() => new ServicesActor(context, bridge)), "services");
        _relays = Context.ActorOf(Akka.Actor.Props.Create(() => new RelaysActor(context)), "relays");
        _votes = StartVotes(context);
        _sharing = StartSharing(context, bridge);
        _slices = StartSlices(context);
        _config = StartDesk(JournalKind.Config(context, site, place), "config");
        _tokenDesk = StartDesk(JournalKind.Tokens(place), "tokens");
        _news = StartNews(context);
        _journal = new ChildSet<JournalUser>(
            () => Context,
            user => user == JournalUser.Verdicts ? "verdicts" : "copy",
            user => user == JournalUser.Verdicts
                ? Akka.Actor.Props.Create(() => new VerdictsActor(context, site))
                : Akka.Actor.Props.Create(() => new ConfigCopyActor(context, site, place)));
        _isCopyAwaited = place.KeepsCopy;
        ReceiveConfig();
        Receive<VerdictsRecovered>(OnVerdictsRecovered);
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<UseJournal>(_ => _journal.Set(place.KeepsCopy ? [JournalUser.Verdicts, JournalUser.Copy] : [JournalUser.Verdicts]));
        Receive<PlanSite>(_services.Forward);
        Receive<CheckKernel>(_bridge.Forward);
        Receive<RepairKernel>(_bridge.Forward);
        Receive<GetKernelMaps>(_bridge.Forward);
        Receive<SpreadPackets>(_bridge.Forward);
        Receive<ListFlows>(_bridge.Forward);
        Receive<ExplainFlow>(OnExplainFlow);
        Receive<GetServices>(_ => OnGetServices());
        Receive<GetSite>(_ => Sender.Tell(new SiteInForce(_site)));
        Receive<BridgeReady>(_ => OnBridgeReady());
        Receive<ServicesReady>(_ => TellServices());
        Receive<RelaysReady>(_ => OnRelaysReady());
        Receive<RouteRelay>(_relays.Tell);
        Receive<DrainRelay>(_relays.Tell);
        Receive<GetTokens>(_ => OnGetTokens());
        Receive<AddToken>(_tokenDesk.Forward);
        Receive<RevokeToken>(_tokenDesk.Forward);
        ReceiveVotes();
        ReceiveSharing();
        ReceiveSlices();
        Receive<BackendVerdict>(verdict => _journal.Running.GetValueOrDefault(JournalUser.Verdicts)?.Tell(verdict));
    }

    private enum JournalUser
    {
        Verdicts,
        Copy,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The site's actor; its usual name is <c>site</c>.</summary>
    /// <param name="start">The file that the node starts with, checked.</param>
    /// <param name="datapath">The kernel. The site is its only writer and does not dispose of it.</param>
    /// <param name="neighbours">Next hops. Not disposed of.</param>
    /// <param name="clock">Time for decisions.</param>
    /// <param name="prober">Carries out probes; real sockets unless told.</param>
    /// <param name="loggers">Makes the actors' loggers; silence unless told.</param>
    /// <param name="relays">Relays connections; without it no service can have the mode for that. Not disposed of.</param>
    /// <param name="voters">The other nodes that vote on backends; without them the node goes by its own probes.</param>
    /// <param name="sharing">What flows are shared with other nodes by; without it they are this node's own affair.</param>
    /// <param name="shared">Where nodes share the config and tokens; without it the node has its own.</param>
    /// <param name="limits">What limits of relays are shared with other nodes by; without it they are this node's own.</param>
    /// <param name="fullNat">The node's own addresses for full-nat; none unless told.</param>
    public static Props Props(
        ApplyConfig start,
        IDatapath datapath,
        INeighbours neighbours,
        TimeProvider clock,
        IProber? prober = null,
        ILoggerFactory? loggers = null,
        IRelayEngine? relays = null,
        IVotePeers? voters = null,
        SharingParts? sharing = null,
        JournalPlace? shared = null,
        SliceParts? limits = null,
        FullNatSettings? fullNat = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        SiteContext context = new(
            datapath, neighbours, prober ?? new SocketProber(), clock, loggers ?? NullLoggerFactory.Instance)
        {
            Relays = relays,
            Voters = voters,
            Sharers = sharing?.Mates,
            Gate = sharing?.Gate,
            Sharing = sharing?.Board,
            Shared = shared,
            Slices = limits,
            FullNat = fullNat ?? FullNatSettings.None,
        };
        SiteMemory memory = new(start);
        return Akka.Actor.Props.Create(() => new SiteActor(context, memory));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Self.Tell(UseJournal.Instance);
        Timers.StartSingleTimer(JournalOverdue.Instance, JournalOverdue.Instance, JournalTime);
    }

    private void OnVerdictsRecovered(VerdictsRecovered recovered)
    {
        bool first = _verdicts is null;
        _verdicts ??= recovered;
        if (first)
        {
            TellAll();
            StartWithoutJournal();
        }
        else
        {
            _services.Tell(new TellVerdicts());
        }
    }

    private void OnTerminated(IActorRef child)
    {
        // Not at once: whatever stopped it would most likely stop it again.
        Timers.StartSingleTimer(child.Path.Name, UseJournal.Instance, JournalRetry);
        _journal.OnEnded(child);
    }

    private void PutInForce(SiteConfig site)
    {
        _site = site;
        TellAll();
    }

    private void TellAll()
    {
        // The bridge hears first: a service that goes leaves the kernel before its actor stops.
        TellBridge();
        TellRelays();
        TellServices();
    }

    private void OnBridgeReady()
    {
        TellBridge();
        _sharing.Tell(new BridgeReady());
        _services.Tell(new ResendService());
    }

    private void TellBridge()
    {
        if (_site is not null && _verdicts is not null)
        {
            _bridge.Tell(new ConfigureKernel(
                [.. _site.Services.Values.Select(service => service.Vip)],
                _site.Direct,
                _site.CheckInterval,
                _site.Flows.SweepInterval)
            {
                LogSample = _site.LogSample,
                FullNat = new FullNatTimes(
                    _site.Services.Values.ToImmutableDictionary(service => service.Vip, service => service.FlowMemory),
                    _site.Flows.UdpWindow),
                Names = SiteNames.Of(_site),
            });
        }
    }

    private void TellServices()
    {
        if (_site is not null && _verdicts is not null)
        {
            Timers.Cancel(JournalOverdue.Instance);
            _services.Tell(new ConfigureServices(_site.Services, _site.Flows, Revision, _verdicts.Verdicts)
            {
                Drains = InForce?.Drains ?? DrainTimes.None,
                TableSizes = InForce?.TableSizes ?? ImmutableSortedDictionary<string, int>.Empty,
            });
            _journal.Running.GetValueOrDefault(JournalUser.Verdicts)?.Tell(
                new RetainServices([.. _site.Services.Keys]));
        }
    }

    private sealed record UseJournal
    {
        public static readonly UseJournal Instance = new();
    }

    private sealed record JournalOverdue
    {
        public static readonly JournalOverdue Instance = new();
    }
}
