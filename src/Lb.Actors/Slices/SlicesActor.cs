using System.Collections.Immutable;
using Akka.Actor;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// The node's part in limits that nodes share: tells its relays what they may use, and other nodes what is used.
/// Understands <see cref="GetSlices"/> and <see cref="ReturnSlices"/>.
/// </summary>
internal sealed partial class SlicesActor : ReceiveActor, IWithTimers
{
    /// <summary>How often it is looked what relays use.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>How long answers of other nodes are waited for.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(700);

    private readonly SiteContext _context;
    private readonly SliceParts _parts;
    private readonly ILogger _log;
    private readonly SliceBook _book;
    private readonly Dictionary<ulong, SlicedRelay> _relays = [];
    private readonly Dictionary<SliceKey, (SlicedRelay Relay, Endpoint? Backend, RelayShare Share)> _limits = [];
    private readonly List<IActorRef> _askers = [];
    private VoteCluster? _cluster;
    private long _tickAt;
    private long _publishedAt;

    public SlicesActor(SiteContext context, SliceParts parts)
    {
        _context = context;
        _parts = parts;
        _log = context.Loggers.CreateLogger<SlicesActor>();
        _book = new SliceBook(parts.Mates.Self, session: Math.Max(context.Now, 1), context.Now);
        Receive<Heard>(OnHeard);
        Receive<Look>(_ => OnLook());
        Receive<GetSlices>(_ => OnGet());
        Receive<AnswersOver>(_ => Reply());
        Receive<ReturnSlices>(OnReturn);
        Receive<ReturnOver>(_ => OnReturnOver());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        IActorRef self = Self;
        _parts.Mates.Listen((from, life, bytes) =>
        {
            if (SliceCodec.Read(bytes.Span) is { } message)
            {
                self.Tell(new Heard(from, life, message));
            }
        });
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, TimeSpan.Zero, Pace);
    }

    private void OnHeard(Heard heard)
    {
        OnMembers();
        Observe();
        Carry(now => _book.OnMessage(heard.From, heard.Life, heard.Message, now));
        if (_askers.Count > 0 && !_book.IsAsking)
        {
            Reply();
        }

        LookForReturn();
    }

    private void OnLook()
    {
        OnMembers();
        Configure();
        Observe();
        if (_context.Now - _tickAt >= SliceTimes.Tick.Ticks)
        {
            _tickAt = _context.Now;
            Carry(_book.Tick);
        }

        Carry(_book.Look);
        LookForReturn();
        if (_context.Now - _publishedAt >= TimeSpan.TicksPerSecond)
        {
            _publishedAt = _context.Now;
            _parts.Board.Current = Snapshot(_book.Report(_context.Now, selfOnly: true));
        }
    }

    private void OnMembers()
    {
        VoteCluster now = _parts.Mates.Cluster;
        if (!ReferenceEquals(now, _cluster))
        {
            _cluster = now;
            Carry(at => _book.OnMembers(now.Up, now.Epoch, now.IsIn, at));
        }
    }

    private void Configure()
    {
        if (_returning is not null)
        {
            return; // Relays that end are not forgotten: what they have counts until they have ended.
        }

        ImmutableArray<SlicedRelay> relays = _parts.Board.Relays;
        HashSet<ulong> known = [];
        foreach (SlicedRelay relay in relays)
        {
            ulong number = VoteHash.Of(relay.Vip);
            known.Add(number);
            if (!_relays.TryGetValue(number, out SlicedRelay? before) || !ReferenceEquals(before, relay))
            {
                if (before is not null)
                {
                    Forget(number, isSame: ReferenceEquals(before.Shares, relay.Shares));
                }

                Configure(number, relay);
            }

            _book.OnRelay(number, relay.Shares.IsUsed);
        }

        foreach (ulong gone in _relays.Keys.Where(number => !known.Contains(number)).ToArray())
        {
            Forget(gone, isSame: false);
            _relays.Remove(gone);
        }
    }

    private void Configure(ulong number, SlicedRelay relay)
    {
        _relays[number] = relay;
        Dictionary<ulong, int> limits = new() { [0] = relay.Connections };
        _limits[new SliceKey(number, 0)] = (relay, null, relay.Shares.Service);
        foreach (Endpoint backend in relay.Backends)
        {
            ulong hash = VoteHash.Of(backend);
            limits[hash] = relay.BackendConnections;
            _limits[new SliceKey(number, hash)] = (relay, backend, relay.Shares.Of(backend));
        }

        Carry(_ => _book.Configure(number, limits));
    }

    /// <summary>What was used by a relay that has ended is used by nobody; the next one begins with nothing.</summary>
    private void Forget(ulong number, bool isSame)
    {
        foreach (SliceKey key in _limits.Keys.Where(key => key.Service == number).ToArray())
        {
            _limits.Remove(key);
        }

        if (!isSame)
        {
            _book.Forget(number);
        }
    }

    private void Observe()
    {
        long now = _context.Now;
        foreach ((SliceKey key, (SlicedRelay relay, _, RelayShare share)) in _limits)
        {
            int used = share.Used;
            bool hungry = share.TakeMissed() || (relay.Shares.IsWaitedFor && used >= share.Most);
            _book.Observe(key, used, hungry, now);
        }
    }

    private void Carry(Action<long> turn)
    {
        long now = _context.Now;
        turn(now);
        foreach (SliceEffect effect in _book.Drain())
        {
            switch (effect)
            {
                case SliceEffect.Send send:
                    _parts.Mates.Send(send.To, SliceCodec.Write(send.Message));
                    break;
                case SliceEffect.Use use when _limits.TryGetValue(use.Key, out var limit):
                    limit.Share.Set(use.Amount, use.Until == long.MaxValue ? null : TimeSpan.FromTicks(use.Until - now));
                    limit.Relay.Shares.Tell();
                    break;
                case SliceEffect.Starved starved when _limits.TryGetValue(starved.Key, out var limit):
                    Say(starved, limit.Relay, limit.Backend);
                    break;
                case SliceEffect.Mixed { Node: { } node }:
                    _log.LimitsMixed(node);
                    break;
                case SliceEffect.Mixed:
                    _log.LimitsShared();
                    break;
                case SliceEffect.Own own when _relays.TryGetValue(own.Service, out SlicedRelay? relay):
                    _log.LimitsOwned(relay.Service);
                    break;
            }
        }
    }

    private void Say(SliceEffect.Starved starved, SlicedRelay relay, Endpoint? backend)
    {
        string of = backend is null ? "connections" : $"connections to {backend}";
        int limit = backend is null ? relay.Connections : relay.BackendConnections;
        if (starved.Begins)
        {
            _log.LimitStarved(relay.Service, of, starved.Used, starved.Amount, limit);
        }
        else
        {
            _log.LimitFed(relay.Service, of, starved.Used, starved.Amount);
        }
    }

    private void OnGet()
    {
        _askers.Add(Sender);
        if (_askers.Count == 1)
        {
            Carry(_ => _book.Ask());
            Timers.StartSingleTimer(AnswersOver.Instance, AnswersOver.Instance, AnswerTime);
        }

        if (!_book.IsAsking)
        {
            Reply();
        }
    }

    private void Reply()
    {
        Timers.Cancel(AnswersOver.Instance);
        SlicesSnapshot snapshot = Snapshot(_book.Report(_context.Now, selfOnly: false));
        foreach (IActorRef asker in _askers)
        {
            asker.Tell(snapshot);
        }

        _askers.Clear();
    }

    private SlicesSnapshot Snapshot(SliceReport report) => new(
        report.Self,
        report.Mute,
        [.. report.Services
            .Where(service => _relays.ContainsKey(service.Service))
            .Select(service => new SlicedServiceSnapshot(
                _relays[service.Service].Service,
                service.Owner,
                [.. service.Limits
                    .Where(limit => _limits.ContainsKey(limit.Key))
                    .Select(limit => new SlicedLimitSnapshot(
                        _limits[limit.Key].Backend, limit.Limit, [.. limit.Nodes.Select(Snapshot)]))
                    .OrderBy(limit => limit.Backend?.ToString() ?? "", StringComparer.Ordinal)]))
            .OrderBy(service => service.Name, StringComparer.Ordinal)],
        report.Silent);

    private static SlicedNodeSnapshot Snapshot(NodeSlice slice) => new(
        slice.Node,
        slice.Held.Amount < 0 ? null : slice.Held.Amount,
        slice.Held.Used,
        TimeSpan.FromMilliseconds(slice.Held.Left));

    private sealed record Heard(string From, long Life, SliceMessage Message);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record AnswersOver
    {
        public static readonly AnswersOver Instance = new();
    }
}
