using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What others say, and what they are told.</summary>
internal sealed partial class VoteBook
{
    /// <summary>Parts of a feed that are sent at once; whoever lacks more asks again.</summary>
    private const int MostParts = 64;

    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _fresh = [];
    private bool _decided;
    private long _said;

    private IEnumerable<VoteMember> Others => _electorate.Others;

    /// <summary>Another node has said something.</summary>
    public void OnMessage(string from, long life, VoteMessage message, long now)
    {
        if (!Others.Any(member => member.Address == from))
        {
            return;
        }

        if (message is VoteMessage.Want want)
        {
            Answer(from, want);
            return;
        }

        if (!_peers.TryGetValue(from, out Peer? peer) || (peer.Life, peer.Feed.Id).CompareTo((life, message.Feed)) < 0)
        {
            peer = new Peer(life, new PeerFeed(message.Feed));
            _peers[from] = peer;
        }
        else if (peer.Life != life || peer.Feed.Id != message.Feed)
        {
            return; // It was under way for long: of the node's life before this one.
        }

        if (message is VoteMessage.Alive alive)
        {
            if (!peer.Feed.OnAlive(alive.Version, now))
            {
                Ask(from, peer, now);
            }
        }
        else if (message is VoteMessage.Part part)
        {
            if (peer.Feed.Take(part.Chunk, now) is { } entries)
            {
                Note(entries, now);
            }
            else
            {
                Ask(from, peer, now);
            }
        }

        SettleDirty(now);
    }

    private static bool IsFresh(Peer peer, long now) => now - peer.Feed.WholeAt <= VoteTimes.Fresh.Ticks;

    private void Note(IReadOnlyList<VoteEntry> entries, long now)
    {
        foreach (VoteEntry entry in entries)
        {
            if (!_byHash.TryGetValue(entry.Key.Service, out VotedService? service)
                || !service.Backends.TryGetValue(entry.Key.Backend, out VotedBackend? backend))
            {
                continue;
            }

            if (entry.Key.Kind == VoteKind.Agreed && !Adopt(service, backend, entry.Value, now))
            {
                continue;
            }

            _dirty.Add(service);
        }
    }

    /// <summary>Goes by what somebody has decided, if that counts more than what is known.</summary>
    private static bool Adopt(VotedService service, VotedBackend backend, VoteValue agreed, long now)
    {
        if (agreed.Verdict == HealthVerdict.Unknown || agreed.Stamp.CompareTo(backend.Stamp) <= 0)
        {
            return false;
        }

        backend.Stamp = agreed.Stamp;
        backend.Held = agreed.Verdict;
        if (backend.Step != agreed.Step)
        {
            (backend.Step, backend.StepSince) = (agreed.Step, now);
        }

        if (service.IsOwned && !agreed.Stamp.IsSameTerm(service.Last))
        {
            service.ContestedSince ??= now;
        }

        return true;
    }

    /// <summary>What others had decided on a backend before this node knew of it.</summary>
    private void Recall(VotedService service, VotedBackend backend, long now)
    {
        foreach (Peer peer in _peers.Values)
        {
            if (peer.Feed[new VoteKey(VoteKind.Agreed, service.Hash, backend.Hash)] is { } agreed)
            {
                Adopt(service, backend, agreed, 0);
                backend.StepSince = now;
            }
        }
    }

    private void Ask(string from, Peer peer, long now)
    {
        if (now - peer.AskedAt >= VoteTimes.Ask.Ticks)
        {
            peer.AskedAt = now;
            _effects.Add(new VoteEffect.Send(from, new VoteMessage.Want(peer.Feed.Id, peer.Feed.Version)));
        }
    }

    private void Answer(string to, VoteMessage.Want want)
    {
        if (want.Feed != _feed.Id)
        {
            _effects.Add(new VoteEffect.Send(to, new VoteMessage.Alive(_feed.Id, _feed.Version)));
            return;
        }

        foreach (VoteChunk chunk in _feed.Since(want.Version, VoteCodec.MostEntries).Take(MostParts))
        {
            _effects.Add(new VoteEffect.Send(to, new VoteMessage.Part(_feed.Id, chunk)));
        }
    }

    private void SayNews()
    {
        if (_feed.Version == _said)
        {
            return;
        }

        foreach (VoteChunk chunk in _feed.Since(_said, VoteCodec.MostEntries))
        {
            foreach (VoteMember member in Others)
            {
                _effects.Add(new VoteEffect.Send(member.Address, new VoteMessage.Part(_feed.Id, chunk)));
            }
        }

        _said = _feed.Version;
    }

    private sealed class Peer(long life, PeerFeed feed)
    {
        public long Life => life;

        public PeerFeed Feed => feed;

        public long AskedAt { get; set; } = long.MinValue / 2;
    }
}
