using System.Collections.Immutable;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Membership;

/// <summary>Whom the node reaches, and what it hears of others about it.</summary>
internal sealed partial class MembershipAgent
{
    private static readonly TimeSpan LeastBetweenReads = TimeSpan.FromMilliseconds(250);

    private Reachability _reach = Reachability.Empty;
    private long _version;
    private ImmutableDictionary<NodeId, TimeSpan> _unreachable = ImmutableDictionary<NodeId, TimeSpan>.Empty;
    private ImmutableDictionary<long, NodeId> _members = ImmutableDictionary<long, NodeId>.Empty;
    private ImmutableSortedSet<long> _candidates = [];
    private ImmutableSortedSet<long> _neighbours = [];
    private NodeId? _leader;
    private MembershipState? _lookedAtState;
    private Reachability? _lookedAtReach;
    private NodeId? _lookedAtSelf;

    private NodeId Sender => _self ?? new NodeId(_options.Address, 0);

    internal void OnMessage(TimeSpan now, ClusterMessage message)
    {
        switch (message)
        {
            case ClusterMessage.Heartbeat heartbeat:
                _effects.Add(new AgentEffect.Send(
                    heartbeat.From.Address, new ClusterMessage.Answer(Sender, _state.Revision, _reach.Digest)));
                Compare(now, heartbeat.From, heartbeat.Revision, heartbeat.Digest);
                break;
            case ClusterMessage.Answer answer:
                if (IsMember(answer.From))
                {
                    _watch.Heard(answer.From.Incarnation);
                    if (_self is null)
                    {
                        _contacts[answer.From] = now;
                    }

                    SayWhomISee();
                }

                Compare(now, answer.From, answer.Revision, answer.Digest);
                break;
            case ClusterMessage.Observations observations:
                Hear(observations);
                break;
        }

        LookAgain(now);
        Act(now);
    }

    private bool IsMember(NodeId node) => _members.TryGetValue(node.Incarnation, out var known) && known == node;

    /// <summary>Whether nobody who is reached says that this node is not.</summary>
    private bool IsWellSpokenOf(NodeId node) => !_unreachable.ContainsKey(node) && !_reach.Rows.Values.Any(
        row => row.Unreachable.Contains(node.Incarnation) && _candidates.Contains(row.Observer));

    // The other knows a later table: so there is one. It knows other observations: it is told these, and tells its own
    // in its turn.
    private void Compare(TimeSpan now, NodeId other, long revision, ulong digest)
    {
        if (revision > _state.Revision && (_lastRead is null || _nextRead > now + LeastBetweenReads))
        {
            _nextRead = now + LeastBetweenReads;
        }

        if (digest != _reach.Digest && IsMember(other))
        {
            Tell(other.Address, _reach.Rows.Values);
        }
    }

    private void Hear(ClusterMessage.Observations observations)
    {
        var news = observations.Rows.Where(
            row => row.Observer != Me && _members.ContainsKey(row.Observer) && _reach.Merge(row) != _reach).ToList();
        foreach (var row in news)
        {
            _reach = _reach.Merge(row);
        }

        if (news.Count > 0)
        {
            Spread(news, observations.From.Incarnation);
        }
    }

    private void SayWhomISee()
    {
        if (_self is null)
        {
            return;
        }

        var silent = _watch.Silent;
        var said = _reach.Rows.GetValueOrDefault(Me);
        if (said is null ? silent.IsEmpty : said.Unreachable.SetEquals(silent))
        {
            return;
        }

        var row = new Observation(Me, ++_version, silent);
        _reach = _reach.Merge(row);
        Spread([row], Me);
    }

    private void Spread(IReadOnlyCollection<Observation> rows, long except)
    {
        foreach (var node in _neighbours.Where(node => node != except && _members.ContainsKey(node)))
        {
            Tell(_members[node].Address, rows);
        }
    }

    private void Tell(string address, IEnumerable<Observation> rows)
    {
        var batch = new List<Observation>();
        var room = ClusterMessageCodec.RoomForRows;
        foreach (var row in rows)
        {
            // A row that no message could carry is left to the others who watch the same nodes.
            var size = ClusterMessageCodec.RoomOf(row);
            if (size > ClusterMessageCodec.RoomForRows)
            {
                continue;
            }

            if (size > room)
            {
                Send();
            }

            batch.Add(row);
            room -= size;
        }

        if (batch.Count > 0)
        {
            Send();
        }

        void Send()
        {
            _effects.Add(new AgentEffect.Send(address, new ClusterMessage.Observations(Sender, [.. batch])));
            batch.Clear();
            room = ClusterMessageCodec.RoomForRows;
        }
    }

    /// <summary>Whom to ask whether they are there.</summary>
    private IEnumerable<string> Asked()
    {
        if (_self is not null)
        {
            return _watch.Watched.Where(_members.ContainsKey).Select(node => _members[node].Address);
        }

        return _wantsIn ? Sample().Select(node => node.Address) : [];
    }

    /// <summary>Works out anew who is reached and whom to watch.</summary>
    private void LookAgain(TimeSpan now)
    {
        if (!ReferenceEquals(_lookedAtState, _state))
        {
            _members = _state.Members.Values.Where(member => member.Status is not NodeStatus.Down)
                .ToImmutableDictionary(member => member.Id.Incarnation, member => member.Id);
            _reach = _reach.Keep(_members.Keys.ToHashSet());
        }
        else if (ReferenceEquals(_lookedAtReach, _reach) && _lookedAtSelf == _self)
        {
            return;
        }

        List<long> members = [.. _members.Keys.Order()];
        var unreachable = _reach.Unreachable(members, _options.Watchers).Remove(Me)
            .Select(node => _members[node]).ToHashSet();
        _unreachable = _unreachable
            .RemoveRange(_unreachable.Keys.Where(node => !unreachable.Contains(node)))
            .AddRange(unreachable.Where(node => !_unreachable.ContainsKey(node))
                .Select(node => KeyValuePair.Create(node, now)));
        ImmutableSortedSet<long> candidates =
            [.. members.Where(member => !_unreachable.ContainsKey(_members[member]))];
        if (!candidates.SetEquals(_candidates) || !ReferenceEquals(_lookedAtState, _state) || _lookedAtSelf != _self)
        {
            _candidates = candidates;
            var watched = _self is null
                ? []
                : Monitors.WatchedBy(Me, members, candidates, _options.Watchers);
            _watch.Watch(watched);
            _neighbours = [.. watched, .. Monitors.Of(Me, candidates, _options.Watchers)];
        }

        _leader = Leader();
        _lookedAtState = _state;
        _lookedAtReach = _reach;
        _lookedAtSelf = _self;
        SayWhomISee();
    }
}
