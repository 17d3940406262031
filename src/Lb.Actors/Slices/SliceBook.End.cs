namespace Lb.Actors;

/// <summary>
/// The book's part in an orderly end. A node that ends uses nothing more, whatever it is given, and says so with each claim:
/// only what is still open counts. Who divides for others hands that on: it resigns, and votes for it count no more.
/// </summary>
internal sealed partial class SliceBook
{
    private bool _ends;
    private bool _resigns;

    /// <summary>The owners know that this node uses nothing, or no more than was observed last; or there is nobody to tell.</summary>
    public bool IsReturned => _ends && (_electorate.Others.IsEmpty
        || _services.Values.SelectMany(service => service.Limits.Values).All(limit => limit.IsConfirmed));

    /// <summary>There is somebody who hears what this node says.</summary>
    public bool IsHeard => _isIn && _electorate.Others.Any(other => other.IsReachable);

    /// <summary>This node admits nothing more, for ever, and gives back what it has.</summary>
    public void End(long now)
    {
        if (_ends)
        {
            return;
        }

        _ends = true;

        // Who does not know the word would go on voting for this node, and be given nothing until it is out.
        _resigns = _electorate.Others.All(other =>
            !other.IsReachable || _peers.GetValueOrDefault(other.Address)?.Level >= SliceMessage.Hello.KnowsEnds);
        Elect(now);
        foreach (SliceHolding limit in _services.Values.SelectMany(service => service.Limits.Values))
        {
            limit.End(now);
            Use(limit);
        }

        Greet(now);
        Claim(now, urgent: false);
    }

    private void Greet(long now)
    {
        foreach (VoteMember other in _electorate.Others)
        {
            _effects.Add(new SliceEffect.Send(
                other.Address, new SliceMessage.Hello(_session, now, SliceMessage.Hello.KnowsEnds, _resigns)));
        }
    }

    /// <summary>Follows another owner at once where one resigns; whom, is as for all who heard of it.</summary>
    private void OnHello(string from, Peer peer, SliceMessage.Hello hello, long now)
    {
        peer.Level = hello.Level;
        if (!hello.Resigns || peer.HasResigned)
        {
            return;
        }

        peer.HasResigned = true;
        Elect(now);
        foreach (SliceHolding limit in _services.Values
            .Where(service => service.Owner == from)
            .SelectMany(service => service.Limits.Values))
        {
            limit.Hurry();
        }
    }

    /// <summary>
    /// The vote for a service's owner binds no more: it has said that it gives nothing, so that another one may count the vote.
    /// What it has given before, this node has told of or does not take.
    /// </summary>
    private bool IsReleased(SlicedService service) => service.Owner == _self
        ? _resigns
        : _peers.GetValueOrDefault(service.Owner) is { HasResigned: true } peer && peer.Session == service.Session;

    /// <summary>Whoever answers a node that ends knows that it does.</summary>
    /// <returns>Whether this node ends, and takes nothing.</returns>
    private bool Confirm(SliceHolding limit, SliceMessage.Grant grant)
    {
        if (_ends)
        {
            limit.OnAnswered(grant.Echo);
        }

        return _ends;
    }
}
