using System.Globalization;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// The node's part in the vote on backends: tells services which backends to probe and what the nodes have agreed on.
/// Understands <see cref="ToVotes"/> and <see cref="GetVotes"/>.
/// </summary>
internal sealed class VotesActor : ReceiveActor, IWithTimers
{
    /// <summary>How often it is looked whether members have come or gone.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly SiteContext _context;
    private readonly IVotePeers _peers;
    private readonly ILogger _log;
    private readonly VoteBook _book;
    private readonly Dictionary<string, IActorRef> _services = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _apart = new(StringComparer.Ordinal);
    private VoteCluster? _cluster;
    private long _tickAt;
    private bool _hasCaughtUp;

    public VotesActor(SiteContext context, IVotePeers peers)
    {
        _context = context;
        _peers = peers;
        _log = context.Loggers.CreateLogger<VotesActor>();

        // By running time: the clock of the day may have been set back since an earlier start of this actor.
        _book = new VoteBook(peers.Self, peers.Probers, feed: context.Now, context.Now);
        Receive<ToVotes.Join>(OnJoin);
        Receive<ToVotes.Seen>(seen => Carry(() => _book.OnSeen(seen.Service, seen.Backend, seen.Verdict, _context.Now)));
        Receive<ToVotes.Built>(OnBuilt);
        Receive<Heard>(OnHeard);
        Receive<Look>(_ => OnLook());
        Receive<Terminated>(OnTerminated);
        Receive<GetVotes>(_ => Sender.Tell(_book.Report(_context.Now)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        IActorRef self = Self;
        _peers.Listen((from, life, bytes) =>
        {
            if (VoteCodec.Read(bytes.Span) is { } message)
            {
                self.Tell(new Heard(from, life, message));
            }
        });
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, TimeSpan.Zero, Pace);
        Context.Parent.Tell(new VotesReady());
        Context.Parent.Tell(new TablesApart([]));
    }

    private void OnJoin(ToVotes.Join join)
    {
        if (!_services.TryGetValue(join.Service, out IActorRef? known) || !known.Equals(Sender))
        {
            _services[join.Service] = Context.Watch(Sender);
        }

        Carry(() => _book.Configure(
            join.Service,
            join.Vip,
            join.Targets.Select(target => KeyValuePair.Create(target.Socket, target.Known)),
            join.Rise.Ticks,
            _context.Now,
            new VotedSteps(join.SlowStart, join.Targets.ToDictionary(target => target.Socket, target => target.Step))));
    }

    private void OnBuilt(ToVotes.Built built)
    {
        ulong digest = ulong.Parse(built.Digest.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Carry(() => _book.OnTable(built.Service, digest, built.Pool, _context.Now));
    }

    private void OnHeard(Heard heard)
    {
        OnMembers();
        Carry(() => _book.OnMessage(heard.From, heard.Life, heard.Message, _context.Now));
    }

    private void OnLook()
    {
        OnMembers();
        CheckGate();
        if (_context.Now - _tickAt >= VoteTimes.Tick.Ticks)
        {
            _tickAt = _context.Now;
            Carry(() => _book.Tick(_context.Now));
        }
    }

    private void CheckGate()
    {
        if (_hasCaughtUp)
        {
            return;
        }

        string? lacks = _book.Lacks(_context.Now);
        _hasCaughtUp = lacks is null;
        if (_context.Gate?.Set(JoinGate.JoinPart.Verdicts, lacks) is { } overdue)
        {
            _log.GateOverdue(overdue, ShareTimes.Gate.TotalSeconds);
        }
    }

    private void OnMembers()
    {
        VoteCluster now = _peers.Cluster;
        if (!ReferenceEquals(now, _cluster))
        {
            _cluster = now;
            Carry(() => _book.OnMembers(now.Up, now.Epoch, now.IsIn, _context.Now));
        }
    }

    private void OnTerminated(Terminated terminated)
    {
        foreach (string service in _services.Where(s => s.Value.Equals(terminated.ActorRef)).Select(s => s.Key).ToArray())
        {
            _services.Remove(service);
            Carry(() => _book.Forget(service, _context.Now));
        }
    }

    private void Carry(Action turn)
    {
        turn();
        foreach (VoteEffect effect in _book.Drain())
        {
            switch (effect)
            {
                case VoteEffect.Send send:
                    _peers.Send(send.To, VoteCodec.Write(send.Message));
                    break;
                case VoteEffect.Probe probe:
                    TellService(probe.Service, new ProbeShare(probe.Backends));
                    break;
                case VoteEffect.Judge judge:
                    TellService(judge.Service, new BackendAgreed(judge.Backend, judge.Verdict, judge.Step));
                    break;
                case VoteEffect.Own own:
                    _log.VoteOwned(own.Service, $"{own.Term}");
                    break;
                case VoteEffect.Repair repair:
                    _log.TableRepaired(repair.Service);
                    Context.Parent.Tell(new RepairService(repair.Service, repair.LacksConfig));
                    break;
                case VoteEffect.Apart apart:
                    OnApart(apart);
                    break;
                case VoteEffect.PathFault { Begins: true } fault:
                    _log.PathFault(fault.Service, fault.Backend);
                    break;
                case VoteEffect.PathFault fault:
                    _log.PathFaultOver(fault.Service, fault.Backend);
                    break;
            }
        }
    }

    private void OnApart(VoteEffect.Apart apart)
    {
        if (apart.Begins)
        {
            _log.TableApart(apart.Service);
            _apart.Add(apart.Service);
        }
        else
        {
            _log.TableApartOver(apart.Service);
            _apart.Remove(apart.Service);
        }

        Context.Parent.Tell(new TablesApart([.. _apart]));
    }

    private void TellService(string service, object message)
    {
        if (_services.TryGetValue(service, out IActorRef? actor))
        {
            actor.Tell(message);
        }
    }

    private sealed record Heard(string From, long Life, VoteMessage Message);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
