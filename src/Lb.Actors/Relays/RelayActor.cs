using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Owns the life of one service's relay: opens it, has it follow table and settings, ends it. Bytes never pass here.
/// </summary>
internal sealed partial class RelayActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(1);

    private readonly SiteContext _context;
    private readonly string _service;
    private readonly Endpoint _vip;
    private readonly ILogger _log;
    private RelaySettings _settings;
    private RelayTable _table;
    private IActorRef _owner;
    private IRelay? _relay;
    private string? _problem;

    public RelayActor(SiteContext context, string service, Endpoint vip, UseRelay first)
    {
        _context = context;
        _service = service;
        _vip = vip;
        _shares = context.Slices is null ? null : new RelayShares();
        _settings = Shared(first.Settings);
        _table = first.Table;
        _owner = first.Owner;
        TellShares();
        _log = context.Loggers.CreateLogger<RelayActor>();
        Receive<UseRelay>(OnUse);
        Receive<Open>(_ => OnOpen());
        Receive<GetRelay>(_ => OnGetRelay());
        Receive<DrainRelay>(OnDrain);
        Receive<RelayEjection>(OnEjected);
        Receive<Readmitted>(OnReadmitted);
        Receive<DrainDue>(_ => OnDrainDue());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => OnOpen();

    protected override void PostStop()
    {
        EndShares();
        _relay?.Dispose();
    }

    private void OnUse(UseRelay use)
    {
        _settings = Shared(use.Settings);
        _table = use.Table;
        _owner = use.Owner;
        TellShares();
        if (_relay is not null)
        {
            UseTable();
            _owner.Tell(new RelayListens());
        }
    }

    private void OnDrain(DrainRelay drain)
    {
        long open = _relay?.Read().Total.Open ?? 0;
        if (open == 0 || drain.Overdue)
        {
            Context.Parent.Tell(new RelayIsOver(drain, open));
        }
    }

    private void OnOpen()
    {
        try
        {
            _relay = _context.Relays is { } engine
                ? engine.Listen(_vip, _settings, _table)
                : throw new KernelException("This process has nothing that relays connections.", "Run lbd.");
            Follow(_relay);
            _problem = null;
            _log.RelayOpened(_service, _vip);
            _owner.Tell(new RelayListens());
        }
        catch (KernelException reason)
        {
            if (_problem != reason.Message)
            {
                _log.RelayFailed(_service, _vip, reason.Message);
            }

            _problem = reason.Message;
            Timers.StartSingleTimer(Open.Instance, Open.Instance, RetryTime);
        }
    }

    private sealed record Open
    {
        public static readonly Open Instance = new();
    }
}
