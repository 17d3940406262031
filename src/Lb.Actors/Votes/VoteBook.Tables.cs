namespace Lb.Actors;

/// <summary>Whether this node's tables are those of the others.</summary>
internal sealed partial class VoteBook
{
    /// <summary>
    /// Looks whether this node's table of a service is another one than most nodes have. Equal inputs make equal tables, so
    /// such a node lacks an input or is broken: it is to be repaired, and if that does not help it is to be out. Nodes that
    /// differ without one table that most of them have are named, and nothing is done: nobody can know who is right.
    /// </summary>
    private void LookForTables(VotedService service, long now)
    {
        VoteValue own = _feed[new VoteKey(VoteKind.Table, service.Hash, 0)] ?? default;
        VoteValue[] others = [.. Others.Select(member => TableOf(member.Address, service, now)).OfType<VoteValue>()];
        VoteValue? most = TableQuorum.Most([own, .. others]);
        if (own.Table == 0 || most is not { } right || right.Table == own.Table)
        {
            service.ApartSince = service.RepairedAt = null;
            SetApart(service, apart: false);
            return;
        }

        service.ApartSince ??= now;
        if (now - (service.RepairedAt ?? service.ApartSince) >= VoteTimes.Repair.Ticks)
        {
            service.RepairedAt = now;
            bool lacksConfig = right.Pool != own.Pool;
            if (!lacksConfig)
            {
                ReadAgain();
            }

            _effects.Add(new VoteEffect.Repair(service.Name, lacksConfig));
        }

        if (now - service.ApartSince >= VoteTimes.Apart.Ticks)
        {
            SetApart(service, apart: true);
        }
    }

    private void SetApart(VotedService service, bool apart)
    {
        if (service.IsApart != apart)
        {
            service.IsApart = apart;
            _effects.Add(new VoteEffect.Apart(service.Name, apart));
        }
    }

    /// <summary>Has all that others say told once more.</summary>
    private void ReadAgain()
    {
        foreach ((string node, Peer peer) in _peers.ToArray())
        {
            _peers[node] = new Peer(peer.Life, new PeerFeed(peer.Feed.Id));
        }
    }
}
