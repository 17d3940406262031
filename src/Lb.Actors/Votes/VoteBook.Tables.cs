namespace Lb.Actors;

/// <summary>Whether this node's tables are those of the others.</summary>
internal sealed partial class VoteBook
{
    private readonly Dictionary<string, TableWatch> _tables = new(StringComparer.Ordinal);

    /// <summary>This node has built a table of a service, which may not have said yet what it is to probe.</summary>
    public void OnTable(string name, ulong table, ulong pool, long now)
    {
        if (!_tables.TryGetValue(name, out TableWatch? watch))
        {
            watch = new TableWatch { GoneSince = _services.ContainsKey(name) ? null : now };
            _tables.Add(name, watch);
        }

        watch.Own = new VoteValue(HealthVerdict.Unknown, default, table, pool);
        if (_services.TryGetValue(name, out VotedService? service))
        {
            SayTable(service);
            SettleDirty(now);
        }
    }

    private void SayTable(VotedService service)
    {
        if (_tables.TryGetValue(service.Name, out TableWatch? watch))
        {
            watch.GoneSince = null;
            _feed.Set(new VoteKey(VoteKind.Table, service.Hash, 0), watch.Own);
        }
    }

    private void LookForTables(long now)
    {
        foreach ((string name, TableWatch watch) in _tables.ToArray())
        {
            if (_services.TryGetValue(name, out VotedService? service))
            {
                LookForTable(service, watch, now);
            }
            else if (now - watch.GoneSince >= VoteTimes.Lost.Ticks)
            {
                // It is not being made anew: it is gone.
                SetApart(name, watch, apart: false);
                _tables.Remove(name);
            }
        }
    }

    /// <summary>
    /// Looks whether this node's table of a service is another one than most nodes have. Equal inputs make equal tables, so
    /// such a node lacks an input or is broken: it is to be repaired, and if that does not help it is to be out. Nodes that
    /// differ without one table that most of them have are named, and nothing is done: nobody can know who is right.
    /// </summary>
    private void LookForTable(VotedService service, TableWatch watch, long now)
    {
        VoteValue[] others = [.. Others.Select(member => TableOf(member.Address, service, now)).OfType<VoteValue>()];
        VoteValue? most = TableQuorum.Most([watch.Own, .. others]);
        if (watch.Own.Table == 0 || most is not { } right || right.Table == watch.Own.Table)
        {
            watch.ApartSince = watch.RepairedAt = null;
            SetApart(service.Name, watch, apart: false);
            return;
        }

        watch.ApartSince ??= now;
        if (now - (watch.RepairedAt ?? watch.ApartSince) >= VoteTimes.Repair.Ticks)
        {
            watch.RepairedAt = now;
            bool lacksConfig = right.Pool != watch.Own.Pool;
            if (!lacksConfig)
            {
                ReadAgain();
            }

            _effects.Add(new VoteEffect.Repair(service.Name, lacksConfig));
        }

        if (now - watch.ApartSince >= VoteTimes.Apart.Ticks)
        {
            SetApart(service.Name, watch, apart: true);
        }
    }

    private void SetApart(string service, TableWatch watch, bool apart)
    {
        if (watch.IsApart != apart)
        {
            watch.IsApart = apart;
            _effects.Add(new VoteEffect.Apart(service, apart));
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
