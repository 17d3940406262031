using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The nodes that a book knows: who is in, who divides, who says nothing.</summary>
internal sealed partial class SliceBook
{
    private ImmutableArray<VoteMember> _all = [];
    private ImmutableHashSet<string> _members = [];
    private Electorate _electorate;
    private long _epoch;
    private bool _isIn;
    private bool _metOthers;
    private string? _mute;
    private long _changedAt = long.MinValue / 2;
    private long _goneAt = long.MinValue / 2;

    /// <summary>Members that are up are known anew.</summary>
    public void OnMembers(ImmutableArray<VoteMember> members, long epoch, bool isIn, long now)
    {
        ImmutableHashSet<string> before = _members;
        _members = [.. members.Select(member => member.Address)];
        if (!before.IsEmpty && !before.SetEquals(_members))
        {
            _changedAt = now;
            _goneAt = _all.All(member => _members.Contains(member.Address) || HasEnded(member)) ? _goneAt : now;
        }

        (_all, _epoch, _isIn) = (members, epoch, isIn);

        Elect(now);

        // Where there never were others, an earlier life of this node has voted for nobody else.
        _metOthers |= !_electorate.Others.IsEmpty;
        _votes |= isIn && !_metOthers;
        foreach (string gone in _peers.Keys.Where(peer => !_members.Contains(peer)).ToArray())
        {
            _peers.Remove(gone);
        }
    }

    /// <summary>It has said that it uses nothing more, with this life.</summary>
    private bool HasEnded(VoteMember member) =>
        _peers.GetValueOrDefault(member.Address) is { HasResigned: true } peer && peer.Life == member.Life;

    /// <summary>Who may divide: those that can be reached, but for who has resigned.</summary>
    private void Elect(long now)
    {
        _electorate = new Electorate(
            _self,
            [
                .. _all
                    .Where(member => !_resigns || member.Address != _self)
                    .Select(member => _peers.GetValueOrDefault(member.Address) is { HasResigned: true }
                        ? member with { IsReachable = false }
                        : member),
            ],
            _epoch,
            1);
        foreach (VoteMember member in _electorate.Others)
        {
            Peer peer = PeerOf(member.Address);
            peer.ReachableSince = _isIn && member.IsReachable ? peer.ReachableSince ?? now : null;
        }
    }

    /// <summary>
    /// One that can be reached and says nothing is of a release that knows of no shared limits: until there is none such any
    /// more, each counts for itself as that one does.
    /// </summary>
    private void LookForMute(long now)
    {
        string? mute = _isIn ? _electorate.Others
            .Select(member => member.Address)
            .Where(member => _peers.GetValueOrDefault(member) is { } peer && peer.IsMute(now))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault() : null;
        if (mute == _mute)
        {
            return;
        }

        bool changes = mute is null || _mute is null;
        _mute = mute;
        if (changes)
        {
            _effects.Add(new SliceEffect.Mixed(mute));
            foreach (SliceHolding holding in _services.Values.SelectMany(service => service.Limits.Values))
            {
                Use(holding);
            }
        }
    }

    private Peer PeerOf(string address)
    {
        if (!_peers.TryGetValue(address, out Peer? peer))
        {
            _peers.Add(address, peer = new Peer());
        }

        return peer;
    }

    private sealed class Peer
    {
        public long Life { get; set; }

        public long Session { get; set; }

        /// <summary>Its time, as it was said last.</summary>
        public long Stamp { get; set; } = long.MinValue;

        /// <summary>When that came.</summary>
        public long StampAt { get; set; }

        /// <summary>What it understands of what is told: <see cref="SliceMessage.Hello.Level"/>.</summary>
        public int Level { get; set; }

        /// <summary>It divides nothing any more, with this session.</summary>
        public bool HasResigned { get; set; }

        public long? HeardAt { get; set; }

        public long? ReachableSince { get; set; }

        public bool IsMute(long now) => ReachableSince is { } since
            && now - since >= SliceTimes.Mute.Ticks
            && (HeardAt is not { } heard || now - Math.Max(heard, since) >= SliceTimes.Silent.Ticks);
    }
}
