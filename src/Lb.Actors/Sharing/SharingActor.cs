using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// The node's part in sharing flows: tells other nodes of entries that the kernel makes and of slots that are not clean, and
/// has what they tell written. Understands <see cref="ToSharing"/>, <see cref="GetSharing"/> and <see cref="FlushSharing"/>.
/// </summary>
internal sealed partial class SharingActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly SiteContext _context;
    private readonly IClusterMates _mates;
    private readonly IActorRef _bridge;
    private readonly ILogger _log;
    private readonly ShareBook _book;
    private readonly Dictionary<ulong, IActorRef> _services = [];
    private VoteCluster? _cluster;
    private Action? _dealt;
    private Action? _endPump;
    private bool _shares;
    private long _lost;
    private long _publishedAt;

    public SharingActor(SiteContext context, IClusterMates mates, IActorRef bridge)
    {
        _context = context;
        _mates = mates;
        _bridge = bridge;
        _log = context.Loggers.CreateLogger<SharingActor>();

        // By running time: the clock of the day may have been set back since an earlier start of this actor.
        _book = new ShareBook(mates.Self, feed: Math.Max(context.Now, 1));
        Receive<ToSharing.Join>(OnJoin);
        Receive<ToSharing.Report>(report => Carry(now => _book.OnReport(report.Slots, report.Joined, now)));
        Receive<Heard>(OnHeard);
        Receive<Look>(_ => OnLook());
        Receive<NewsBatch>(OnNews);
        Receive<KernelNames>(OnNames);
        Receive<SharedWritten>(written => Carry(now => _book.OnWritten(written.Receipt, now)));
        Receive<SharedRead>(read => Carry(now => _book.OnRead(read.For, read.Session, read.Entries, now)));
        Receive<BridgeReady>(_ => TellBridge());
        Receive<GetSharing>(_ => Sender.Tell(_book.Report(_context.Now) with { Lost = _lost }));
        Receive<FlushSharing>(_ => OnFlush());
        Receive<Terminated>(OnTerminated);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        IActorRef self = Self;
        Context.System.EventStream.Subscribe(self, typeof(KernelNames));
        _bridge.Tell(new TellKernelNames());
        _mates.Listen((from, life, bytes) =>
        {
            if (ShareCodec.Read(bytes.Span) is { } message)
            {
                self.Tell(new Heard(from, life, message));
            }
        });
        NewsPump pump = new(_context.Datapath.OpenFlowNews(), batch => self.Tell(batch));
        _dealt = pump.Dealt;
        _endPump = pump.End;
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, TimeSpan.Zero, Pace);
        Context.Parent.Tell(new SharingReady());
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _endPump?.Invoke();
    }

    private void OnJoin(ToSharing.Join join)
    {
        ulong service = VoteHash.Of(join.Vip);
        if (!_services.TryGetValue(service, out IActorRef? known) || !known.Equals(Sender))
        {
            _services[service] = Context.Watch(Sender);
        }

        Carry(now => _book.TellAgain(service, now));
    }

    private void OnTerminated(Terminated terminated)
    {
        foreach (ulong service in _services.Where(s => s.Value.Equals(terminated.ActorRef)).Select(s => s.Key).ToArray())
        {
            _services.Remove(service);
            _book.Forget(service);
        }
    }

    private void OnHeard(Heard heard)
    {
        OnMembers();
        Carry(now => _book.OnMessage(heard.From, heard.Life, heard.Message, now));
    }

    private void OnLook()
    {
        OnMembers();
        Carry(_book.Tick);
        CheckFlush();
        Publish();
        if (_context.Gate?.Set(JoinGate.JoinPart.Flows, _book.WasCaughtUp ? null : _book.Lacks ?? "its services are not known yet") is { } lacks)
        {
            _log.GateOverdue(lacks, ShareTimes.Gate.TotalSeconds);
        }
    }

    private void Publish()
    {
        if (_context.Sharing is { } board && _context.Now - _publishedAt >= TimeSpan.TicksPerSecond)
        {
            _publishedAt = _context.Now;
            board.Current = _book.Report(_context.Now) with { Lost = _lost };
        }
    }

    private void OnMembers()
    {
        VoteCluster now = _mates.Cluster;
        if (ReferenceEquals(now, _cluster))
        {
            return;
        }

        _cluster = now;
        Carry(at => _book.OnMembers(now.Up, now.IsIn, at));
        if (_book.HasOthers != _shares)
        {
            _shares = _book.HasOthers;
            TellBridge();
        }
    }

    private void TellBridge() => _bridge.Tell(new ShareFlows(_shares));

    private void Carry(Action<long> turn)
    {
        turn(_context.Now);
        foreach (ShareEffect effect in _book.Drain())
        {
            switch (effect)
            {
                case ShareEffect.Send send:
                    _mates.Send(send.To, send.Message);
                    break;
                case ShareEffect.Write write:
                    _bridge.Tell(new WriteShared(write.Entries, write.Receipt));
                    break;
                case ShareEffect.Read read:
                    // Entries from now on are told as they are made.
                    TellBridge();
                    _bridge.Tell(new ReadShared(read.For, read.Session));
                    break;
                case ShareEffect.Tell tell when _services.TryGetValue(tell.Service, out IActorRef? service):
                    service.Tell(tell.Slots);
                    break;
                case ShareEffect.TookOver took:
                    _log.FlowsTakenOver(took.From, took.Entries);
                    break;
                case ShareEffect.Lost lost:
                    _log.NewsMissed(lost.From);
                    break;
                case ShareEffect.CaughtUp:
                    _log.CaughtUp();
                    break;
                case ShareEffect.Rejoins:
                    _log.Rejoins(ShareTimes.Lonely.TotalSeconds);
                    break;
            }
        }
    }

    private sealed record Heard(string From, long Life, ShareMessage Message);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
