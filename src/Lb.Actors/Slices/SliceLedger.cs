using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What a node may do as the owner of a service's limits.</summary>
internal enum SliceRule
{
    /// <summary>Nothing: most nodes may follow another one.</summary>
    None,

    /// <summary>Exactly half of the nodes vote for it, so no other has most: slices are renewed, and none grows.</summary>
    Half,

    /// <summary>Most nodes vote for it: it divides the limits.</summary>
    Most,
}

/// <summary>
/// The books of one service's limits, as the node keeps them that others take for the owner. Who votes for one node votes for
/// no other until that does not count the vote any more, so two are never owners at one time.
/// </summary>
internal sealed class SliceLedger
{
    private readonly Dictionary<string, (long Session, long Until, bool Votes)> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<SliceKey, List<SliceAccount>> _accounts = [];
    private readonly HashSet<SliceKey> _whole = [];
    private long _since;

    /// <summary>What this node may do.</summary>
    public SliceRule Rule { get; private set; }

    /// <summary>The accounts of a limit.</summary>
    public List<SliceAccount> this[SliceKey key]
    {
        get
        {
            if (!_accounts.TryGetValue(key, out List<SliceAccount>? accounts))
            {
                _accounts.Add(key, accounts = []);
            }

            return accounts;
        }
    }

    /// <summary>A node follows this one, until a moment.</summary>
    public void Bind(string node, long session, long until, bool votes)
    {
        // Whoever speaks with another session is a later life: what earlier ones say late is not heard.
        if (!_bound.TryGetValue(node, out (long Session, long Until, bool Votes) known)
            || session != known.Session || until >= known.Until)
        {
            _bound[node] = (session, until, votes);
        }
    }

    /// <summary>Looks who votes for this node.</summary>
    /// <param name="members">All who may vote.</param>
    /// <param name="now">Now.</param>
    public void Refresh(ImmutableHashSet<string> members, long now)
    {
        int votes = members.Count(member =>
            _bound.TryGetValue(member, out (long Session, long Until, bool Votes) bound) && bound.Votes && now < bound.Until);
        SliceRule rule = members.IsEmpty ? SliceRule.None
            : votes * 2 > members.Count ? SliceRule.Most
            : votes * 2 == members.Count ? SliceRule.Half
            : SliceRule.None;
        if (rule == SliceRule.Most && Rule != SliceRule.Most)
        {
            _since = now;
            _whole.Clear();
        }

        Rule = rule;
    }

    /// <summary>Whether a node follows this one, with this session.</summary>
    public bool IsBound(string node, long session, long now) =>
        _bound.TryGetValue(node, out (long Session, long Until, bool Votes) bound) && bound.Session == session && now < bound.Until;

    /// <summary>
    /// Whether all that was given of a limit is in these books: all members have said what they have, or what an earlier owner
    /// has given is over. When members have changed, one that is out may have acted until it knew; and unless these books were
    /// whole before, it may have what they do not tell.
    /// </summary>
    public bool IsWhole(SliceKey key, ImmutableHashSet<string> members, long changedAt, long goneAt, long now)
    {
        bool all = members.All(member => this[key].Exists(account =>
            account.Node == member && account.Relays && IsBound(member, account.Session, now)));
        bool whole = (all && (goneAt > _since ? _whole.Contains(key) : IsOver(goneAt, now)))
            || (now - _since >= SliceTimes.LeaseOver.Ticks && (changedAt > _since || IsOver(changedAt, now)));
        if (whole)
        {
            _whole.Add(key);
        }

        return whole;
    }

    private static bool IsOver(long change, long now) => now - change >= SliceTimes.LeaseOver.Ticks + SliceTimes.TableLag.Ticks;
}
