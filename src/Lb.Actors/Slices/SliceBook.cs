using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// A node's part in limits that nodes share. For each service there is an owner, the same to all who see the same members. A
/// node votes for it by claiming what it has, and is given slices that end by themselves; the owner gives none while most nodes
/// may follow another one. Knows no time but what it is told, in ticks of 100 ns of one clock, and nothing of actors or networks.
/// </summary>
internal sealed partial class SliceBook
{
    private readonly string _self;
    private readonly long _session;
    private readonly long _start;
    private readonly Dictionary<ulong, SlicedService> _services = [];
    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);
    private readonly List<SliceEffect> _effects = [];
    private readonly Queue<SliceMessage> _local = [];
    private bool _votes;
    private long _tickAt;
    private long _stamp;

    /// <summary>Begins with nothing.</summary>
    /// <param name="self">Where the node is.</param>
    /// <param name="session">Tells this book from those before it in the same life of the node, and on the same host: grows; not 0.</param>
    /// <param name="now">Now.</param>
    public SliceBook(string self, long session, long now)
    {
        _self = self;
        _session = session;
        _start = now;
        _tickAt = now;
        _electorate = new Electorate(self, [], 0, 1);
    }

    /// <summary>What is to be done, in order; empty afterwards.</summary>
    public ImmutableArray<SliceEffect> Drain()
    {
        ImmutableArray<SliceEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    /// <summary>A service has these limits: its own, and those of backends.</summary>
    public void Configure(ulong number, IReadOnlyDictionary<ulong, int> limits)
    {
        if (!_services.TryGetValue(number, out SlicedService? service))
        {
            _services.Add(number, service = new SlicedService(number));
        }

        foreach (SliceKey gone in service.Limits.Keys.Where(key => !limits.ContainsKey(key.Backend)).ToArray())
        {
            service.Limits.Remove(gone);
        }

        foreach ((ulong backend, int limit) in limits)
        {
            SliceKey key = new(number, backend);
            if (!service.Limits.TryGetValue(key, out SliceHolding? holding))
            {
                service.Limits.Add(key, holding = new SliceHolding(key));
                Use(holding);
            }

            if (holding.Configure(limit, _stamp))
            {
                Use(holding);
            }
        }
    }

    /// <summary>A service is relayed here no more. Whom this node has voted for, and what it has given to others, still counts.</summary>
    public void Forget(ulong number)
    {
        if (_services.TryGetValue(number, out SlicedService? service))
        {
            service.Limits.Clear();
            service.Relays = false;
        }
    }

    /// <summary>Whether a service's relay runs: from then on no process before this one has connections of it.</summary>
    public void OnRelay(ulong number, bool runs)
    {
        if (_services.TryGetValue(number, out SlicedService? service))
        {
            service.Relays = runs;
        }
    }

    /// <summary>What is used of a limit.</summary>
    /// <param name="key">The limit.</param>
    /// <param name="used">Connections.</param>
    /// <param name="hungry">There would be more if there was room.</param>
    /// <param name="now">Now.</param>
    public void Observe(SliceKey key, int used, bool hungry, long now) => HoldingOf(key)?.Observe(used, hungry, now);

    /// <summary>Has the owners know what is urgent.</summary>
    public void Look(long now)
    {
        Claim(now, urgent: !_ends || IsReturned);
        foreach (SliceHolding limit in _services.Values.SelectMany(service => service.Limits.Values))
        {
            bool starved = limit is { HungrySince: { } since } && now - since >= SliceTimes.Starved.Ticks;
            if (starved != limit.IsStarved)
            {
                limit.IsStarved = starved;
                _effects.Add(new SliceEffect.Starved(limit.Key, starved, limit.Usable(now), limit.Used));
            }
        }
    }

    /// <summary>Time has gone on.</summary>
    public void Tick(long now)
    {
        _votes |= now - _start >= SliceTimes.Vote.Ticks;
        Greet(now);
        if (now - _tickAt > SliceTimes.Starved.Ticks)
        {
            // It was this node that heard nothing: it was halted.
            foreach (Peer peer in _peers.Values.Where(peer => peer.ReachableSince is not null))
            {
                peer.ReachableSince = now;
            }
        }

        _tickAt = now;
        LookForMute(now);
        Claim(now, urgent: false);
    }

    /// <summary>A node has said something.</summary>
    /// <param name="from">Where it is.</param>
    /// <param name="life">Number of its life: grows.</param>
    /// <param name="message">What it said.</param>
    /// <param name="now">Now.</param>
    public void OnMessage(string from, long life, SliceMessage message, long now)
    {
        if (from == _self || !_members.Contains(from))
        {
            return;
        }

        Peer peer = PeerOf(from);
        if ((life, message.Session).CompareTo((peer.Life, peer.Session)) < 0)
        {
            return;
        }

        if (message.Session != peer.Session)
        {
            peer.Stamp = long.MinValue;
        }

        bool isAnother = peer is { HasResigned: true } && message.Session != peer.Session;
        (peer.Life, peer.Session, peer.HeardAt) = (life, message.Session, now);
        if (isAnother)
        {
            peer.HasResigned = false;
            Elect(now);
        }

        Take(from, message, now);
        TakeLocal(now);
    }

    private void Take(string from, SliceMessage message, long now)
    {
        switch (message)
        {
            case SliceMessage.Hello hello:
                Peer peer = PeerOf(from);
                if (hello.Stamp > peer.Stamp)
                {
                    (peer.Stamp, peer.StampAt) = (hello.Stamp, now);
                }

                OnHello(from, peer, hello, now);
                break;
            case SliceMessage.Claim claim when claim.To == _session:
                OnClaim(from, claim, now);
                break;
            case SliceMessage.Grant grant when grant.To == _session:
                OnGrant(from, grant, now);
                break;
            case SliceMessage.Ask ask:
                Answer(from, ask, now);
                break;
            case SliceMessage.Told told:
                OnTold(from, told);
                break;
        }
    }

    private void TakeLocal(long now)
    {
        while (_local.TryDequeue(out SliceMessage? message))
        {
            Take(_self, message, now);
        }
    }

    private void Send(string to, SliceMessage message)
    {
        if (to == _self)
        {
            _local.Enqueue(message);
        }
        else
        {
            _effects.Add(new SliceEffect.Send(to, message));
        }
    }

    private void Claim(long now, bool urgent)
    {
        if (!_isIn)
        {
            return; // What it has ends by itself.
        }

        // Never the same twice: what is said later counts.
        _stamp = Math.Max(_stamp + 1, now);
        Dictionary<(string Owner, long Session), List<SliceClaim>> claims = [];
        foreach (SlicedService service in _services.Values)
        {
            if (!Follow(service, now))
            {
                continue;
            }

            foreach (SliceHolding limit in service.Limits.Values.Where(limit => !urgent || limit.IsUrgent))
            {
                if (!claims.TryGetValue((service.Owner, service.Session), out List<SliceClaim>? entries))
                {
                    claims.Add((service.Owner, service.Session), entries = []);
                }

                service.VotedAt = service.Owner == _self ? now : PeerOf(service.Owner).StampAt;
                entries.Add(limit.Claim(service.Relays, _ends, _stamp, now));
            }
        }

        foreach (((string owner, long session), List<SliceClaim> entries) in claims)
        {
            long echo = owner == _self ? now : PeerOf(owner).Stamp;
            foreach (SliceClaim[] part in entries.Chunk(SliceCodec.MostEntries))
            {
                Send(owner, new SliceMessage.Claim(_session, session, echo, _stamp, _votes, [.. part]));
            }
        }

        TakeLocal(now);
    }

    /// <summary>Follows the owner that there is now, unless the one before it may still count this node's vote.</summary>
    /// <returns>Whether it does.</returns>
    private bool Follow(SlicedService service, long now)
    {
        string owner = _electorate.Owner(service.Number).Address;
        long session = owner == _self ? _session : _peers.GetValueOrDefault(owner)?.Session ?? 0;
        if (session == 0 || (owner != _self && _peers[owner].Stamp == long.MinValue))
        {
            return false; // Nothing was heard of it yet.
        }

        if ((owner, session) == (service.Owner, service.Session))
        {
            return true;
        }

        if (service.Session != 0 && now - service.VotedAt < SliceTimes.Vote.Ticks && !IsReleased(service))
        {
            return false;
        }

        service.Follow(owner, session, now);
        return true;
    }

    private void OnGrant(string from, SliceMessage.Grant grant, long now)
    {
        long until = grant.Echo + SliceTimes.Lease.Ticks;
        foreach (SliceGrant entry in grant.Entries)
        {
            if (until > now
                && _services.TryGetValue(entry.Key.Service, out SlicedService? service)
                && (service.Owner, service.Session) == (from, grant.Session)
                && grant.Echo >= service.Since
                && service.Limits.TryGetValue(entry.Key, out SliceHolding? holding)
                && !Confirm(holding, grant)
                && holding.Take(entry.Serial, entry.Amount, grant.Echo, until))
            {
                Use(holding);
            }
        }
    }

    private void Use(SliceHolding holding) => _effects.Add(_mute is null || _ends
        ? new SliceEffect.Use(holding.Key, holding.Amount, holding.Until)
        : new SliceEffect.Use(holding.Key, int.MaxValue, long.MaxValue));

    private SliceHolding? HoldingOf(SliceKey key) =>
        _services.TryGetValue(key.Service, out SlicedService? service) ? service.Limits.GetValueOrDefault(key) : null;
}
