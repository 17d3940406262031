using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// A node's part in the vote on backends: what it has seen, what others have told it, and what follows. Each service has
/// an owner that decides by what a backend's probers see; all go by the word with the highest stamp. Knows no time but what
/// it is told, in ticks of 100 ns of one clock, and nothing of actors or networks.
/// </summary>
internal sealed partial class VoteBook
{
    /// <summary>What was taken back is kept up to so many; then the feed begins anew.</summary>
    internal const int MostTakenBack = 1000;

    private readonly string _self;
    private readonly int _probers;
    private readonly long _start;
    private readonly Dictionary<string, VotedService> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, VotedService> _byHash = [];
    private readonly HashSet<VotedService> _dirty = [];
    private readonly List<VoteEffect> _effects = [];
    private VoteFeed _feed;
    private Electorate _electorate;
    private bool _isMember;

    // Since when the node sees some backend; before that it saw none.
    private long _sightAt;

    /// <summary>Begins with nothing.</summary>
    /// <param name="self">Where the node is.</param>
    /// <param name="probers">How many nodes probe a backend.</param>
    /// <param name="feed">Tells this feed from those before it in the same life of the node: grows.</param>
    /// <param name="now">Now.</param>
    public VoteBook(string self, int probers, long feed, long now)
    {
        _self = self;
        _probers = probers;
        _start = now;
        _feed = new VoteFeed(feed);
        _electorate = new Electorate(self, [], 0, probers);
    }

    /// <summary>What is to be done, in order; empty afterwards.</summary>
    public ImmutableArray<VoteEffect> Drain()
    {
        ImmutableArray<VoteEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    /// <summary>Members that are up are known anew.</summary>
    public void OnMembers(ImmutableArray<VoteMember> members, long epoch, bool isMember, long now)
    {
        _isMember = isMember;
        _electorate = new Electorate(_self, members, epoch, _probers);
        foreach (string gone in _peers.Keys.Except(members.Select(member => member.Address), StringComparer.Ordinal).ToArray())
        {
            _peers.Remove(gone);
        }

        SettleAll(now);
    }

    /// <summary>
    /// A service has these backends to probe, of which its service goes by these verdicts. Probes find out within
    /// <paramref name="rise"/> that a backend is up.
    /// </summary>
    public void Configure(
        string name,
        Endpoint vip,
        IEnumerable<KeyValuePair<Endpoint, HealthVerdict>> backends,
        long rise,
        long now,
        VotedSteps? steps = null)
    {
        steps ??= VotedSteps.None;
        bool begins = false;
        if (!_services.TryGetValue(name, out VotedService? service) || service.Hash != VoteHash.Of(vip))
        {
            Forget(name, now);
            begins = true;
            service = new VotedService(name, VoteHash.Of(vip));
            _services.Add(name, service);
            _byHash[service.Hash] = service;
            SayTable(service);
        }

        service.Rise = rise;
        service.SlowStart = steps.Duration;
        HashSet<ulong> wanted = [];
        foreach ((Endpoint socket, HealthVerdict told) in backends)
        {
            VotedBackend backend = new(socket) { IsInitial = begins };
            wanted.Add(backend.Hash);
            if (service.Backends.TryAdd(backend.Hash, backend))
            {
                backend.Told = told;
                Recall(service, backend, now);
            }
            else
            {
                backend = service.Backends[backend.Hash];
                backend.Told = told;
            }

            backend.ToldStep = steps.Told.GetValueOrDefault(socket);
        }

        foreach (ulong gone in service.Backends.Keys.Where(key => !wanted.Contains(key)).ToArray())
        {
            service.Backends.Remove(gone);
            TakeBack(service.Hash, gone);
        }

        // Whoever asks may have begun anew and know of no probes.
        SayProbes(service);
        _dirty.Add(service);
        SettleDirty(now);
    }

    /// <summary>A service is gone.</summary>
    public void Forget(string name, long now)
    {
        if (!_services.Remove(name, out VotedService? service))
        {
            return;
        }

        _byHash.Remove(service.Hash);
        _dirty.Remove(service);
        foreach (ulong backend in service.Backends.Keys)
        {
            TakeBack(service.Hash, backend);
        }

        _feed.Set(new VoteKey(VoteKind.Table, service.Hash, 0), default);
        if (_tables.TryGetValue(name, out TableWatch? watch))
        {
            watch.GoneSince = now;
        }

        SettleDirty(now);
    }

    /// <summary>This node's probes have come to a verdict.</summary>
    public void OnSeen(string name, Endpoint socket, HealthVerdict verdict, long now)
    {
        if (_services.TryGetValue(name, out VotedService? service)
            && service.Backends.TryGetValue(VoteHash.Of(socket), out VotedBackend? backend)
            && backend.IsProbed)
        {
            if (verdict == HealthVerdict.Up && SeesNothing())
            {
                _sightAt = now;
            }

            backend.Seen = verdict;
            _feed.Set(new VoteKey(VoteKind.Seen, service.Hash, backend.Hash), new VoteValue(verdict));
            _dirty.Add(service);
            SettleDirty(now);
        }
    }

    /// <summary>Entries of the node's feed that say nothing any more.</summary>
    internal int TakenBack => _feed.TakenBack;

    /// <summary>Time has gone on.</summary>
    public void Tick(long now)
    {
        if (_feed.TakenBack > MostTakenBack)
        {
            _feed = _feed.Renew(Math.Max(_feed.Id + 1, now));
            _said = 0;
        }

        foreach (VoteMember member in Others)
        {
            _effects.Add(new VoteEffect.Send(member.Address, new VoteMessage.Alive(_feed.Id, _feed.Version)));
        }

        ImmutableHashSet<string> fresh = [.. _peers.Where(peer => IsFresh(peer.Value, now)).Select(peer => peer.Key)];
        bool decides = Decides(now);
        if (decides != _decided || !fresh.SetEquals(_fresh) || _electorate.IsCutOff)
        {
            _fresh = fresh;
            _decided = decides;
            SettleAll(now);
        }

        foreach (VotedService service in _services.Values)
        {
            if (service is { IsOwned: true, ContestedSince: { } since } && now - since >= VoteTimes.Contest.Ticks)
            {
                service.IsOwned = false;
                _dirty.Add(service);
            }

            LookForPathFaults(service, now);
        }

        LookForTables(now);
        LookForSteps();
        SettleDirty(now);
    }

    private void SettleAll(long now)
    {
        _dirty.UnionWith(_services.Values);
        SettleDirty(now);
    }

    private void SettleDirty(long now)
    {
        foreach (VotedService service in _dirty)
        {
            AssignProbes(service);
            Decide(service, now);
            foreach (VotedBackend backend in service.Backends.Values)
            {
                if (backend.Held != HealthVerdict.Unknown && (backend.Held != backend.Told || backend.Step != backend.ToldStep))
                {
                    backend.Told = backend.Held;
                    backend.ToldStep = backend.Step;
                    _effects.Add(new VoteEffect.Judge(service.Name, backend.Socket, backend.Held, backend.Step));
                }
            }
        }

        _dirty.Clear();
        SayNews();
    }

    private void AssignProbes(VotedService service)
    {
        bool changed = false;
        foreach (VotedBackend backend in service.Backends.Values)
        {
            bool probes = _electorate.IsProber(service.Hash, backend.Hash);
            if (probes != backend.IsProbed)
            {
                changed = true;
                backend.IsProbed = probes;
                backend.Seen = HealthVerdict.Unknown;
                _feed.Set(new VoteKey(VoteKind.Seen, service.Hash, backend.Hash), default);
            }
        }

        if (changed)
        {
            SayProbes(service);
        }
    }

    private void SayProbes(VotedService service) => _effects.Add(new VoteEffect.Probe(
        service.Name,
        [.. service.Backends.Values.Where(backend => backend.IsProbed).Select(backend => backend.Socket)]));

    /// <summary>A node that starts does not decide by itself before it could have met its cluster.</summary>
    private bool Decides(long now) => _isMember || now - _start >= VoteTimes.Alone.Ticks;

    private void Decide(VotedService service, long now)
    {
        if (!Decides(now) || _electorate.Owner(service.Hash).Address != _self)
        {
            service.IsOwned = false;
            return;
        }

        if (!service.IsOwned)
        {
            Begin(service);
        }

        if (service.ContestedSince is not null)
        {
            return; // What it said now would be below what the other has said.
        }

        foreach (VotedBackend backend in service.Backends.Values)
        {
            HealthVerdict verdict = Count(service, backend, now);
            (byte step, long since) = StepOf(service, backend, verdict, now);
            if (verdict != backend.Held || step != backend.Step)
            {
                backend.Held = verdict;
                (backend.Step, backend.StepSince) = (step, since);
                Say(service, backend);
            }
        }
    }

    /// <summary>Says what holds once more, above all that others have said: what they may still say counts less.</summary>
    private void Begin(VotedService service)
    {
        service.IsOwned = true;
        service.ContestedSince = null;
        service.Last = service.Highest.Succeed(_electorate.Epoch, _electorate.Self.Hash);
        foreach (VotedBackend backend in service.Backends.Values)
        {
            if (backend.Held != HealthVerdict.Unknown)
            {
                Say(service, backend);
            }
        }

        _effects.Add(new VoteEffect.Own(service.Name, service.Last));
    }

    private void Say(VotedService service, VotedBackend backend)
    {
        service.Last = service.Last with { Serial = service.Last.Serial + 1 };
        backend.Stamp = service.Last;
        _feed.Set(new VoteKey(VoteKind.Agreed, service.Hash, backend.Hash), new VoteValue(backend.Held, backend.Stamp, Step: backend.Step));
    }

    private HealthVerdict Count(VotedService service, VotedBackend backend, long now)
    {
        int up = 0;
        int down = 0;
        foreach (VoteMember prober in _electorate.ProbersOf(service.Hash, backend.Hash))
        {
            HealthVerdict seen = SeenBy(prober.Address, service, backend, now);
            up += seen == HealthVerdict.Up ? 1 : 0;
            down += seen == HealthVerdict.Down ? 1 : 0;
        }

        HealthVerdict verdict = _electorate.Judge(backend.Held, up, down);

        // A node that reaches neither the others nor any backend is cut off, as far as it can know: it changes nothing. When
        // it sees one again, it takes a moment until it has seen all that are up.
        bool sees = !SeesNothing() && now - _sightAt >= service.Rise;
        return verdict == HealthVerdict.Down && _electorate.IsCutOff && !sees ? backend.Held : verdict;
    }

    private HealthVerdict SeenBy(string node, VotedService service, VotedBackend backend, long now) =>
        node == _self ? backend.Seen
        : _peers.GetValueOrDefault(node) is { } peer && IsFresh(peer, now)
            ? peer.Feed[new VoteKey(VoteKind.Seen, service.Hash, backend.Hash)]?.Verdict ?? HealthVerdict.Unknown
        : HealthVerdict.Unknown;

    private bool SeesNothing() => _services.Values.All(
        service => service.Backends.Values.All(backend => backend.Seen != HealthVerdict.Up));

    private void TakeBack(ulong service, ulong backend)
    {
        _feed.Set(new VoteKey(VoteKind.Seen, service, backend), default);
        _feed.Set(new VoteKey(VoteKind.Agreed, service, backend), default);
    }

    private void LookForPathFaults(VotedService service, long now)
    {
        foreach (VotedBackend backend in service.Backends.Values)
        {
            bool alone = backend is { IsProbed: true, Seen: HealthVerdict.Down, Held: HealthVerdict.Up };
            backend.AloneSince = alone ? backend.AloneSince ?? now : null;
            bool fault = alone && now - backend.AloneSince >= VoteTimes.PathFault.Ticks;
            if (fault != backend.HasPathFault)
            {
                backend.HasPathFault = fault;
                _effects.Add(new VoteEffect.PathFault(service.Name, backend.Socket, fault));
            }
        }
    }
}
