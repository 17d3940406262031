using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// A node's part in what nodes tell each other of flows: news of entries, and of slots that are not clean. Each node has a
/// feed of numbered parts that all others get; who has lost some asks for them, and who lacks more than is kept asks for
/// all. Knows no time but what it is told, in ticks of 100 ns of one clock, and nothing of actors or networks.
/// </summary>
internal sealed partial class ShareBook
{
    private readonly string _self;
    private readonly List<ShareEffect> _effects = [];
    private readonly Dictionary<ulong, OwnService> _services = [];
    private readonly HashSet<ulong> _dirty = [];

    // Services of which the slots are to be told, the longest waiting first.
    private readonly Queue<ulong> _untold = new();
    private readonly KeptParts _kept = new();
    private ImmutableArray<VoteMember> _others = [];
    private bool _isIn;
    private bool _isEstablished;
    private int _join = 1;
    private bool _wasCaughtUp;
    private bool _allDirty;
    private long _feed;
    private long _last;
    private long _entries;
    private long _newestAt = long.MinValue / 2;
    private long _saidAt = long.MinValue / 2;
    private long _renewedAt = long.MinValue / 2;
    private bool _mustRenew;
    private double _room = ShareTimes.SlotBurst;
    private long _roomAt = long.MinValue / 2;
    private long? _lonelySince;

    /// <summary>Begins with nothing.</summary>
    /// <param name="self">Where the node is.</param>
    /// <param name="feed">Tells this feed from those before it in the same life of the node: grows.</param>
    public ShareBook(string self, long feed)
    {
        _self = self;
        _feed = feed;
    }

    /// <summary>The node has had what the others know, at some time since it started.</summary>
    public bool WasCaughtUp => _wasCaughtUp;

    /// <summary>There are other nodes.</summary>
    public bool HasOthers => !_others.IsEmpty;

    /// <summary>What is to be done, in order; empty afterwards.</summary>
    public ImmutableArray<ShareEffect> Drain()
    {
        ImmutableArray<ShareEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    /// <summary>Members that are up are known anew.</summary>
    public void OnMembers(ImmutableArray<VoteMember> members, bool isIn, long now)
    {
        _isIn = isIn;
        string[] before = [.. _others.Select(other => other.Address)];
        _others = [.. members.Where(member => member.Address != _self)];
        foreach (Peer gone in _peers.Values.Where(peer => !_others.Any(other => other.Address == peer.Address)).ToArray())
        {
            Bury(gone);
            _peers.Remove(gone.Address);
        }

        foreach (VoteMember added in _others.Where(other => !before.Contains(other.Address)))
        {
            SayAlive(added.Address);
        }

        _allDirty = true;
        Settle(now);
    }

    /// <summary>The kernel has made entries.</summary>
    public void OnNews(IReadOnlyCollection<SharedFlow> entries, long now)
    {
        foreach (ImmutableArray<SharedFlow> part in FlowCodec.Pack(entries, ShareCodec.Room))
        {
            _entries += part.Length;
            Say(new ShareContent.Flows(part), now);
        }
    }

    /// <summary>The kernel has made entries that nobody will hear of: others have to ask for all.</summary>
    public void OnNewsLost(long now)
    {
        _mustRenew = true;
        Renew(now);
    }

    /// <summary>A service's slots, as the kernel holds them now.</summary>
    /// <param name="report">What is said of them.</param>
    /// <param name="joined">The joining in which what others know of it was taken over; null while it was not.</param>
    /// <param name="now">Now.</param>
    public void OnReport(SlotReport report, int? joined, long now)
    {
        if (!_services.TryGetValue(report.Service, out OwnService? own))
        {
            own = new OwnService();
            _services.Add(report.Service, own);
            _dirty.Add(report.Service);
        }

        if (own.IsJoined != (joined == _join))
        {
            own.IsJoined = joined == _join;
            _dirty.Add(report.Service);
        }

        if (own.Report is null || !own.Report.SaysSame(report))
        {
            own.Report = report;
            if (!own.IsUntold)
            {
                own.IsUntold = true;
                _untold.Enqueue(report.Service);
            }

            TellSlots(now);
        }

        Settle(now);
    }

    /// <summary>A service is gone.</summary>
    public void Forget(ulong service)
    {
        _services.Remove(service);
        _dirty.Remove(service);
    }

    /// <summary>All that is to be told goes out at once: something ends.</summary>
    public void Hurry(long now)
    {
        _room = double.PositiveInfinity;
        TellSlots(now);
        _room = 0;
    }

    /// <summary>A service wants to be told what is known, though nothing may have changed.</summary>
    public void TellAgain(ulong service, long now)
    {
        if (!_services.ContainsKey(service))
        {
            _services.Add(service, new OwnService());
        }

        _dirty.Add(service);
        Settle(now);
    }

    /// <summary>Time has gone on.</summary>
    public void Tick(long now)
    {
        Renew(now);
        TellSlots(now);
        if (now - _saidAt >= ShareTimes.Tick.Ticks)
        {
            _saidAt = now;
            foreach (VoteMember other in _others)
            {
                SayAlive(other.Address);
            }
        }

        foreach (string stale in _sessions.Where(s => now - s.Value.UsedAt >= ShareTimes.Session.Ticks).Select(s => s.Key).ToArray())
        {
            _sessions.Remove(stale);
        }

        foreach (Peer peer in _peers.Values)
        {
            AskForMissing(peer, now);
            AskForAll(peer, now);
            Prod(peer, now);
        }

        foreach (List<PeerTable> ghosts in _ghosts.Values)
        {
            ghosts.RemoveAll(ghost => now - ghost.HeardAt >= ShareTimes.Ghost.Ticks);
        }

        LookForLoneliness(now);
        Settle(now);
    }

    /// <summary>All is told and confirmed by every node that is reachable and was heard.</summary>
    public bool IsFlushed => _untold.Count == 0 && _others
        .Where(other => other.IsReachable)
        .All(other => _peers.TryGetValue(other.Address, out Peer? peer) && peer.AckLast >= _last);

    /// <summary>What keeps the node from having what the others know; null when nothing does.</summary>
    public string? Lacks
    {
        get
        {
            string[] nodes = [.. _others
                .Where(other => other.IsReachable && (!_peers.TryGetValue(other.Address, out Peer? peer) || peer.NeedsAll))
                .Select(other => other.Address)];
            return !_isIn ? "it is not in the cluster, and does not know whom to ask for flows"
                : nodes.Length > 0 ? $"it has not got the flows of {string.Join(", ", nodes)} yet"
                : _services.Values.Any(service => !service.IsJoined) ? "its tables have not taken over the slots of others yet"
                : null;
        }
    }

    private bool IsWhole => _isIn && _others.All(
        other => !other.IsReachable || (_peers.TryGetValue(other.Address, out Peer? peer) && !peer.NeedsAll));

    private void Say(ShareContent content, long now)
    {
        byte[] message = ShareCodec.Write(new ShareMessage.Part(_feed, ++_last, content));
        _kept.Add(new KeptPart(_last, message, now, _entries));
        _newestAt = now;
        foreach (VoteMember other in _others.Where(other => !other.IsLost))
        {
            _effects.Add(new ShareEffect.Send(other.Address, message));
        }
    }

    /// <summary>
    /// Tells what the slots of services are now, as far as there is room for it. A service that changes while it waits is told
    /// once: however much changes, what goes out is bounded, and comes later.
    /// </summary>
    private void TellSlots(long now)
    {
        _room = Math.Min(Math.Max(_room, ShareTimes.SlotBurst), _room + (Math.Max(now - _roomAt, 0) * ShareTimes.SlotRate / TimeSpan.TicksPerSecond));
        _roomAt = now;
        while (_room > 0 && _untold.TryDequeue(out ulong service))
        {
            if (_services.TryGetValue(service, out OwnService? own) && own.IsUntold)
            {
                own.IsUntold = false;
                ImmutableArray<ShareContent.Slots> parts = own.Pack(now);
                _room -= parts.Length;
                foreach (ShareContent.Slots part in parts)
                {
                    Say(part, now);
                }
            }
        }
    }

    private void SayAlive(string to)
    {
        Peer? peer = _peers.GetValueOrDefault(to);
        _effects.Add(new ShareEffect.Send(to, ShareCodec.Write(new ShareMessage.Alive(
            _feed,
            _last,
            _kept.Floor,
            _isEstablished,
            peer?.Feed ?? 0,
            peer?.Written ?? 0))));
    }

    /// <summary>Has a node that has not confirmed the newest part hear how far it is: it may have lost it.</summary>
    private void Prod(Peer peer, long now)
    {
        if (peer.AckLast < _last && now - peer.ProddedAt >= ShareTimes.Prod.Ticks
            && now - _newestAt >= ShareTimes.Prod.Ticks && now - _newestAt < ShareTimes.Lonely.Ticks)
        {
            peer.ProddedAt = now;
            SayAlive(peer.Address);
        }
    }

    /// <summary>Another feed, which others have nothing of: they ask for all.</summary>
    private void Renew(long now)
    {
        if (!_mustRenew || now - _renewedAt < ShareTimes.Renewal.Ticks)
        {
            return;
        }

        _mustRenew = false;
        _renewedAt = now;
        _feed = Math.Max(_feed + 1, now);
        _last = 0;
        _kept.Clear();
        _sessions.Clear();
        foreach (Peer peer in _peers.Values)
        {
            peer.AckLast = 0;
        }

        foreach (VoteMember other in _others)
        {
            SayAlive(other.Address);
        }
    }

    private void LookForLoneliness(long now)
    {
        bool isLonely = HasOthers && !_others.Any(
            other => _peers.TryGetValue(other.Address, out Peer? peer) && now - peer.HeardAt <= ShareTimes.Fresh.Ticks);
        if (isLonely)
        {
            _lonelySince ??= now;
            return;
        }

        if (_isEstablished && now - _lonelySince >= ShareTimes.Lonely.Ticks)
        {
            _isEstablished = false;
            _join++;
            foreach (OwnService service in _services.Values)
            {
                service.IsJoined = false;
            }

            foreach (Peer peer in _peers.Values)
            {
                peer.NeedsAll = true;
            }

            _effects.Add(new ShareEffect.Rejoins());
            _allDirty = true;
        }

        _lonelySince = null;
    }

    /// <summary>Tells services what has changed, and takes note of what the node has by now.</summary>
    private void Settle(long now)
    {
        if (_allDirty)
        {
            _dirty.UnionWith(_services.Keys);
            _allDirty = false;
        }

        foreach (ulong service in _dirty.Where(_services.ContainsKey))
        {
            _effects.Add(new ShareEffect.Tell(service, ViewOf(service)));
        }

        _dirty.Clear();
        if (!_isEstablished && IsWhole && _services.Count > 0 && _services.Values.All(service => service.IsJoined))
        {
            _isEstablished = true;
            _wasCaughtUp = true;
            _effects.Add(new ShareEffect.CaughtUp());
            foreach (VoteMember other in _others)
            {
                SayAlive(other.Address);
            }

            _allDirty = true;
            Settle(now);
        }
    }

    private PeerSlots ViewOf(ulong service) => new(
        _join,
        !_isEstablished || !_services[service].IsJoined,
        IsWhole,
        [
            .. _others.Select(other => _peers.TryGetValue(other.Address, out Peer? peer)
                ? new PeerTable(
                    other.Address, other.IsLost, peer.IsEstablished, peer.HeardAt, peer.Slots.GetValueOrDefault(service)?.Report)
                : new PeerTable(other.Address, other.IsLost, IsEstablished: false, 0, null)),
            .. _ghosts.GetValueOrDefault(service) ?? [],
        ]);

    private sealed class OwnService
    {
        public SlotReport? Report { get; set; }

        public long Serial { get; private set; }

        public bool IsJoined { get; set; }

        /// <summary>Others are to hear of the report.</summary>
        public bool IsUntold { get; set; }

        /// <summary>The report as it is sent, with a serial of its own.</summary>
        public ImmutableArray<ShareContent.Slots> Pack(long now)
        {
            Serial = Math.Max(Serial + 1, now);
            return SlotCodec.Pack(Report!, Serial, now, ShareCodec.Room);
        }
    }
}
