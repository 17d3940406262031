using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Membership;

/// <summary>
/// What a node does to take part: it keeps its row, watches others and has the table changed when it leads. It knows
/// no clock, no network and no database: it is told of time, messages and answers, and says what it wants done.
/// </summary>
internal sealed partial class MembershipAgent
{
    private readonly MembershipOptions _options;
    private readonly WatchList _watch;

    // Of whom to ask while outside: no incarnation is negative.
    private readonly long _taste;
    private readonly List<AgentEffect> _effects = [];
    private readonly Queue<MembershipCommand> _wishes = [];
    private readonly Dictionary<NodeId, TimeSpan> _contacts = [];

    private MembershipState _state = MembershipState.Empty;
    private ImmutableHashSet<NodeId> _fresh = [];
    private NodeId? _self;
    private bool _wantsIn;
    private bool _wantsOut;
    private bool _handedOver;
    private string? _end;
    private string? _problem;

    private bool _isReading;
    private bool _isChanging;
    private bool _isDatabaseAway;
    private TimeSpan _nextRead;
    private TimeSpan _nextChange;
    private TimeSpan _nextGiveUp;
    private TimeSpan _nextHeartbeat;
    private TimeSpan? _lastRead;

    internal MembershipAgent(MembershipOptions options)
    {
        _taste = -BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(options.Address)));
        _options = options;
        _watch = new WatchList(options);
    }

    /// <summary>What the node knows; a new object when that changes.</summary>
    internal MembershipView View { get; private set; } = MembershipView.Unknown;

    private long Me => _self?.Incarnation ?? 0;

    private NodeStatus? MyStatus => _self is null ? null : _state.Find(_self)?.Status;

    /// <summary>Returns what is wanted since it was asked last.</summary>
    internal IReadOnlyList<AgentEffect> Drain()
    {
        AgentEffect[] wanted = [.. _effects];
        _effects.Clear();
        return wanted;
    }

    /// <summary>The node wants in, now and whenever it is given up.</summary>
    internal void Join(TimeSpan now)
    {
        _wantsIn = _end is null;
        _nextRead = now;
        Act(now);
    }

    /// <summary>The node wants out for good.</summary>
    internal void Leave(TimeSpan now)
    {
        _wantsOut = true;
        _wantsIn = false;
        if (_self is null && !_isChanging)
        {
            _end ??= "it left";
        }

        Act(now);
    }

    /// <summary>The node has handed over what it had and can go.</summary>
    internal void ConfirmExit(TimeSpan now)
    {
        _handedOver = true;
        Act(now);
    }

    /// <summary>Somebody wants the table changed.</summary>
    internal void Wish(TimeSpan now, MembershipCommand command)
    {
        _wishes.Enqueue(command);
        Act(now);
    }

    /// <summary>The table may have changed.</summary>
    internal void Told(TimeSpan now)
    {
        _nextRead = now;
        Act(now);
    }

    /// <summary>Time has passed.</summary>
    internal void Tick(TimeSpan now)
    {
        _watch.Tick(now);
        SayWhomISee();
        if (now >= _nextHeartbeat)
        {
            _nextHeartbeat = now + _options.HeartbeatInterval;
            foreach (var address in Asked())
            {
                _effects.Add(new AgentEffect.Send(
                    address, new ClusterMessage.Heartbeat(Sender, _state.Revision, _reach.Digest)));
            }
        }

        Act(now);
    }

    internal void OnRead(TimeSpan now, MembershipSnapshot snapshot)
    {
        _isReading = false;
        _isDatabaseAway = false;
        _lastRead = now;
        _problem = null;
        _nextRead = now + (_self is null && _wantsIn ? _options.RetryInterval : _options.PollInterval);
        _fresh = snapshot.Fresh;
        Adopt(now, snapshot.State);
        Act(now);
    }

    internal void OnReadFailed(TimeSpan now, string reason)
    {
        _isReading = false;
        _isDatabaseAway = true;
        _problem = reason;
        _nextRead = now + _options.RetryInterval;
        Act(now);
    }

    internal void OnDecision(TimeSpan now, MembershipCommand command, MembershipDecision decision)
    {
        _isChanging = false;
        _problem = decision.Refusal;
        if (!decision.Changed)
        {
            _nextChange = now + _options.RetryInterval;
        }

        if (command is MembershipCommand.GiveUp && decision.Refusal is not null)
        {
            _nextGiveUp = now + (_options.StableAfter / 2);
        }

        if (command is MembershipCommand.Join)
        {
            _self = decision.State.Members[_options.Address].Id;
            _version = 0;
        }

        Adopt(now, decision.State);
        Act(now);
    }

    internal void OnChangeFailed(TimeSpan now, string reason)
    {
        // It may have been done all the same: the next look at the table tells.
        _isChanging = false;
        _problem = reason;
        _nextChange = now + _options.RetryInterval;
        _nextRead = now;
        Act(now);
    }

    private void Adopt(TimeSpan now, MembershipState state)
    {
        if (state.Revision < _state.Revision)
        {
            // Either an answer that came late or a database that was put back: its revision is lifted then.
            if (!_wishes.Any(wish => wish is MembershipCommand.Touch))
            {
                _wishes.Enqueue(new MembershipCommand.Touch());
            }

            return;
        }

        var last = MyStatus;
        _state = state;
        CheckSelf(last);
        LookAgain(now);
    }

    private void CheckSelf(NodeStatus? last)
    {
        if (_self is not { } self)
        {
            return;
        }

        var mine = _state.Members.GetValueOrDefault(self.Address);
        if (mine?.Id == self && mine.Status is not NodeStatus.Down)
        {
            return;
        }

        _self = null;
        _contacts.Clear();
        if (mine is not null && mine.Id.Incarnation > self.Incarnation)
        {
            _wantsIn = false;
            _end = $"another process took its address {self.Address}";
        }
        else if (_wantsOut || last is NodeStatus.Leaving or NodeStatus.Exiting)
        {
            _wantsIn = false;
            _end = "it left";
        }
    }

    private void Act(TimeSpan now)
    {
        if (!_isReading && now >= _nextRead && _end is null)
        {
            _isReading = true;
            _effects.Add(new AgentEffect.Read(_self));
        }

        if (!_isChanging && !_isDatabaseAway && _lastRead is not null && now >= _nextChange
            && NextCommand(now) is { } command)
        {
            _isChanging = true;
            _effects.Add(new AgentEffect.Change(
                command, _state.Revision, Math.Max(_state.LastIncarnation, Me)));
        }

        Publish(now);
    }

    private MembershipCommand? NextCommand(TimeSpan now)
    {
        if (_end is not null)
        {
            return null;
        }

        if (_wishes.TryDequeue(out var wish))
        {
            return wish;
        }

        if (_self is not { } self)
        {
            return _wantsIn && MayJoin(now)
                ? new MembershipCommand.Join(
                    _options.Address, string.Join(',', _options.Roles.Order(StringComparer.Ordinal)),
                    _options.AppVersion)
                : null;
        }

        return MyStatus switch
        {
            NodeStatus.Joining or NodeStatus.Up when _wantsOut => new MembershipCommand.Leave(self),
            NodeStatus.Exiting when _handedOver => new MembershipCommand.Remove([self]),
            _ when _leader == self => LeaderCommand(now),
            _ => null,
        };
    }

    // One that does not reach most of those it asks would only be given up once more. When nobody is alive, all is well.
    private bool MayJoin(TimeSpan now)
    {
        var asked = Sample();
        return asked.Count(node => _contacts.TryGetValue(node, out var at) && now - at < MembershipSnapshot.FreshFor) * 2
            > asked.Count || asked.Count == 0;
    }

    /// <summary>Some of those who are alive, always the same as long as they are.</summary>
    private List<NodeId> Sample()
    {
        var alive = _state.Members.Values
            .Where(member => member.Id.Address != _options.Address && member.HasBeenUp
                && member.Status is not NodeStatus.Down && _fresh.Contains(member.Id))
            .ToDictionary(member => member.Id.Incarnation, member => member.Id);
        return [.. Monitors.Of(_taste, [.. alive.Keys], _options.Watchers).Select(node => alive[node])];
    }

    private MembershipCommand? LeaderCommand(TimeSpan now)
    {
        var down = Ids(member => member.Status is NodeStatus.Down);
        if (down.Count > 0)
        {
            return new MembershipCommand.Remove(down);
        }

        var leaving = Ids(member => member.Status is NodeStatus.Leaving);
        if (leaving.Count > 0)
        {
            return new MembershipCommand.Exit(leaving);
        }

        var joining = Ids(member => member.Status is NodeStatus.Joining && IsWellSpokenOf(member.Id));
        if (joining.Count > 0)
        {
            return new MembershipCommand.MoveUp(joining);
        }

        var lost = Ids(member => _unreachable.TryGetValue(member.Id, out var since)
            && now - since >= _options.StableAfter);
        return lost.Count > 0 && now >= _nextGiveUp
            ? new MembershipCommand.GiveUp(lost, Ids(member => member.Id == _self || IsWellSpokenOf(member.Id)))
            : null;
    }

    private ImmutableList<NodeId> Ids(Func<ClusterMember, bool> which) =>
        [.. _state.ByAge.Where(which).Select(member => member.Id)];

    private NodeId? Leader()
    {
        var reachable = _state.ByAge.Where(
            member => member.Status is not NodeStatus.Down && !_unreachable.ContainsKey(member.Id)).ToList();
        return (reachable.Find(member => member.Status is NodeStatus.Up or NodeStatus.Leaving)
            ?? reachable.FirstOrDefault())?.Id;
    }

    private void Publish(TimeSpan now)
    {
        var view = new MembershipView(
            _self, _state, _unreachable, _leader, _lastRead is null || now - _lastRead > _options.StaleAfter,
            _problem ?? (_wantsIn && _self is null && _lastRead is not null && !MayJoin(now)
                ? "too few members answer, and they are alive: look at the network between the nodes"
                : null),
            _end);
        if (view != View)
        {
            View = view;
        }
    }
}
