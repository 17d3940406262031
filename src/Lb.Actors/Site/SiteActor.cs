using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Lb.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Actors;

/// <summary>
/// The site: has its config from the journal, puts it in force, and supervises the services and the kernel bridge.
/// Understands <see cref="ApplyConfig"/>, <see cref="ChangeSite"/>, <see cref="RollbackSite"/>,
/// <see cref="GetConfig"/>, <see cref="GetHistory"/>, <see cref="PlanSite"/>, <see cref="GetServices"/>,
/// <see cref="GetTokens"/>, <see cref="AddToken"/>, <see cref="RevokeToken"/>, <see cref="ExplainFlow"/>,
/// <see cref="ListFlows"/>, <see cref="GetKernelMaps"/>, <see cref="GetVotes"/>, <see cref="CheckKernel"/> and <see cref="RepairKernel"/>.
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
    private bool _recovered;
    private string? _journalProblem;

    // What holds; null until the journal has told it.
    private SiteConfig? _site;
    private ConfigState? _state;
    private VerdictsRecovered? _verdicts;

    /// <summary>Use <see cref="Props"/>. Akka.NET creates actors by public constructors alone.</summary>
    public SiteActor(SiteContext context, SiteMemory memory)
    {
        _context = context;
        _memory = memory;
        _log = context.Loggers.CreateLogger<SiteActor>();
        string site = memory.Site;
        IActorRef bridge = Context.ActorOf(Akka.Actor.Props.Create(() => new KernelBridgeActor(context)), "kernel");
        _bridge = bridge;
        _services = Context.ActorOf(Akka.Actor.Props.Create(() => new ServicesActor(context, bridge)), "services");
        _relays = Context.ActorOf(Akka.Actor.Props.Create(() => new RelaysActor(context)), "relays");
        _votes = StartVotes(context);
        _sharing = StartSharing(context, bridge);
        _journal = new ChildSet<JournalUser>(
            () => Context,
            user => user switch
            {
                JournalUser.Config => "config",
                JournalUser.Verdicts => "verdicts",
                _ => "tokens",
            },
            user => user switch
            {
                JournalUser.Config => Akka.Actor.Props.Create(() => new ConfigActor(context, site)),
                JournalUser.Verdicts => Akka.Actor.Props.Create(() => new VerdictsActor(context, site)),
                _ => Akka.Actor.Props.Create(() => new TokensActor(site)),
            });
        Receive<ConfigRecovered>(OnConfigRecovered);
        Receive<ConfigRevised>(OnConfigRevised);
        Receive<ConfigRefused>(_ => OnStartRefused());
        Receive<ConfigUnconfirmed>(_ => { }); // The journal's failure says the same, and more.
        Receive<VerdictsRecovered>(OnVerdictsRecovered);
        Receive<JournalFailed>(OnJournalFailed);
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<DeadLetter>(OnLost);
        Receive<UseJournal>(_ => _journal.Set([JournalUser.Config, JournalUser.Verdicts, JournalUser.Tokens]));
        Receive<JournalOverdue>(_ => OnJournalOverdue());
        Receive<ApplyConfig>(ToConfig);
        Receive<ChangeSite>(ToConfig);
        Receive<RollbackSite>(ToConfig);
        Receive<GetHistory>(ToConfig);
        Receive<GetConfig>(ToConfig);
        Receive<PlanSite>(_services.Forward);
        Receive<CheckKernel>(_bridge.Forward);
        Receive<RepairKernel>(_bridge.Forward);
        Receive<GetKernelMaps>(_bridge.Forward);
        Receive<ListFlows>(_bridge.Forward);
        Receive<ExplainFlow>(OnExplainFlow);
        Receive<GetServices>(_ => OnGetServices());
        Receive<BridgeReady>(_ => OnBridgeReady());
        Receive<ServicesReady>(_ => TellServices());
        Receive<RelaysReady>(_ => OnRelaysReady());
        Receive<RouteRelay>(_relays.Tell);
        Receive<DrainRelay>(_relays.Tell);
        Receive<TokensRecovered>(OnTokensRecovered);
        Receive<TokensRevised>(OnTokensRevised);
        Receive<GetTokens>(_ => OnGetTokens());
        Receive<AddToken>(ToTokens);
        Receive<RevokeToken>(ToTokens);
        ReceiveVotes();
        ReceiveSharing();
        Receive<BackendVerdict>(verdict => _journal.Running.GetValueOrDefault(JournalUser.Verdicts)?.Tell(verdict));
    }

    /// <summary>Revision of the config in force; 0 for a file that could not be recorded yet.</summary>
    private long Revision => _memory.Start is null ? _state?.Revision ?? 0 : 0;

    private enum JournalUser
    {
        Config,
        Verdicts,
        Tokens,
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
    public static Props Props(
        ApplyConfig start,
        IDatapath datapath,
        INeighbours neighbours,
        TimeProvider clock,
        IProber? prober = null,
        ILoggerFactory? loggers = null,
        IRelayEngine? relays = null,
        IVotePeers? voters = null,
        SharingParts? sharing = null)
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
        };
        SiteMemory memory = new(start);
        return Akka.Actor.Props.Create(() => new SiteActor(context, memory));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Self.Tell(UseJournal.Instance);
        Timers.StartSingleTimer(JournalOverdue.Instance, JournalOverdue.Instance, JournalTime);
    }

    private void OnConfigRecovered(ConfigRecovered recovered)
    {
        if (_journalProblem is not null)
        {
            _log.JournalBack(_memory.Site, recovered.State.Revision);
        }

        _recovered = true;
        _journalProblem = null;
        _state = recovered.State;
        if (_memory.Start is { } start)
        {
            _journal.Running[JournalUser.Config].Tell(start);
        }
        else
        {
            PutInForce(recovered.State.Site);
        }
    }

    private void OnConfigRevised(ConfigRevised revised)
    {
        _state = revised.State;
        bool starts = revised.Asker.Equals(Self);
        if (starts)
        {
            _memory.Start = null;
        }

        PutInForce(revised.State.Site);
        if (revised.Answer is ConfigApplied applied)
        {
            _log.ConfigApplied(
                _memory.Site, applied.Revision, applied.Added.Length, applied.Changed.Length, applied.Removed.Length);
            foreach (ConfigConflict conflict in applied.Conflicts)
            {
                _log.ConfigOverruled(_memory.Site, conflict);
            }
        }

        if (!starts)
        {
            revised.Asker.Tell(revised.Answer);
        }
    }

    /// <summary>The file that the node started with is refused: what the journal knows goes on.</summary>
    private void OnStartRefused()
    {
        _memory.Start = null;
        PutInForce(_state!.Site);
    }

    private void OnVerdictsRecovered(VerdictsRecovered recovered)
    {
        bool first = _verdicts is null;
        _verdicts ??= recovered;
        if (first)
        {
            TellAll();
        }
        else
        {
            _services.Tell(new TellVerdicts());
        }
    }

    private void OnJournalFailed(JournalFailed failed)
    {
        if (Sender.Equals(_journal.Running.GetValueOrDefault(JournalUser.Tokens)))
        {
            OnTokensFailed(failed.Reason);
            return;
        }

        if (Sender.Equals(_journal.Running.GetValueOrDefault(JournalUser.Verdicts)))
        {
            _log.VerdictsFailed(_memory.Site, failed.Reason);
            _verdicts ??= NoVerdicts;
            TellAll();
            return;
        }

        if (_journalProblem is null)
        {
            _log.JournalFailed(_memory.Site, failed.Reason);
        }

        _recovered = false;
        _journalProblem = failed.Reason;
        if (_site is null)
        {
            OnJournalOverdue();
        }
    }

    private void OnTerminated(IActorRef child)
    {
        if (child.Equals(_journal.Running.GetValueOrDefault(JournalUser.Config)))
        {
            _recovered = false;
            _journalProblem ??= "its actor has stopped";
        }

        if (child.Equals(_journal.Running.GetValueOrDefault(JournalUser.Tokens)))
        {
            _tokensProblem ??= "its actor has stopped";
        }

        // Not at once: whatever stopped it would most likely stop it again.
        Timers.StartSingleTimer(child.Path.Name, UseJournal.Instance, JournalRetry);
        _journal.OnEnded(child);
    }

    /// <summary>Lost with an actor of the journal that stopped: whoever asked hears that nobody will decide it.</summary>
    private void OnLost(DeadLetter lost)
    {
        bool asks = lost.Message
            is ApplyConfig or ChangeSite or RollbackSite or GetHistory or GetConfig or AddToken or RevokeToken;
        if (asks && Self.Path.Equals(lost.Recipient?.Path.Parent))
        {
            lost.Sender?.Tell(new ConfigUnavailable(_journalProblem ?? _tokensProblem ?? "its actor has stopped"));
        }
    }

    /// <summary>A node without a journal forwards by its file; what was changed at run time is not known.</summary>
    private void OnJournalOverdue()
    {
        _verdicts ??= NoVerdicts;
        if (_site is null && _memory.Start is { } start)
        {
            ImmutableArray<string> reasons = SiteRules.Check(
                start.Config, _memory.Site, _context.Datapath.ServiceLimit, _context.Datapath.BackendLimit);
            if (!reasons.IsEmpty)
            {
                _log.ConfigRefused(_memory.Site, string.Join("; ", reasons));
                return;
            }

            _journalProblem ??= $"it has not answered for {JournalTime.TotalSeconds} s";
            _log.StartedWithoutJournal(_memory.Site, _journalProblem);
            PutInForce(start.Config);
        }
        else
        {
            TellAll();
        }
    }

    private void ToConfig(object command)
    {
        if (_recovered)
        {
            _journal.Running[JournalUser.Config].Forward(command);
        }
        else
        {
            Sender.Tell(new ConfigUnavailable(_journalProblem ?? "the journal is still being read"));
        }
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
                TableSizes = (_memory.Start is null ? _state?.TableSizes : null) ?? ImmutableSortedDictionary<string, int>.Empty,
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
