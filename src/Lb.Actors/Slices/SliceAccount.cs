namespace Lb.Actors;

/// <summary>What one life of a node has of one limit, as the owner counts it.</summary>
/// <param name="node">The node.</param>
/// <param name="session">Its session.</param>
internal sealed class SliceAccount(string node, long session)
{
    private readonly List<(long Serial, int Amount, long Until)> _onTheWay = [];
    private int _holds;
    private int _used;
    private long _until;
    private bool _isNew = true;
    private long _bound = long.MinValue;
    private long _before = long.MinValue;

    public string Node => node;

    public long Session => session;

    /// <summary>What was given last.</summary>
    public int Granted { get; private set; }

    /// <summary>Stamp of its last claim.</summary>
    public long Stamp { get; private set; } = long.MinValue;

    /// <summary>Its relay runs.</summary>
    public bool Relays { get; private set; }

    /// <summary>The node takes nothing any more: what it still uses counts, and nothing else.</summary>
    public bool Ends { get; private set; }

    public SliceNeed Need => new(_used, Granted, Hungry);

    private bool Hungry { get; set; }

    /// <summary>The node says what it has.</summary>
    /// <param name="claim">What it says.</param>
    /// <param name="stamp">Its time.</param>
    /// <param name="bound">Until when it follows nobody else.</param>
    /// <param name="now">Now.</param>
    public void OnClaim(in SliceClaim claim, long stamp, long bound, long now)
    {
        if (now >= _bound && _onTheWay.Count > 0)
        {
            // It may have followed another owner since. What it was given before that it need not have, or take.
            _before = _onTheWay[^1].Serial;
        }

        _bound = Math.Max(_bound, bound);
        Stamp = stamp;
        Relays = claim.Relays;
        _holds = claim.Holds;
        _used = claim.Used;
        Hungry = claim.Hungry;

        // Its lease counts from a claim that it sent before now.
        _until = now + SliceTimes.LeaseOver.Ticks;
        if (claim.Ends)
        {
            // What is on its way to it is not taken.
            (Ends, _holds, Granted, _isNew) = (true, 0, 0, false);
            _onTheWay.Clear();
            return;
        }

        long serial = claim.Serial;
        _onTheWay.RemoveAll(grant => grant.Serial <= serial);
        if (_isNew)
        {
            _isNew = false;
            Granted = _holds;
        }
    }

    /// <summary>It is given so much, from its last claim on.</summary>
    public void OnGrant(long serial, int amount, long now)
    {
        Granted = amount;
        _onTheWay.Add((serial, amount, now + SliceTimes.LeaseOver.Ticks));
    }

    /// <summary>What it may be given for certain: it has it, or gets it.</summary>
    public int Renewable(long now) => Held(_before, now);

    /// <summary>The same, or what it uses, if that is more.</summary>
    public int RenewableOrUsed(long now) => Math.Max(Renewable(now), UsedAt(now));

    /// <summary>What nobody else may have: it may use it, or does.</summary>
    public int Reserved(long now) => Math.Max(Held(long.MinValue, now), UsedAt(now));

    private int UsedAt(long now) => now < _until ? _used : 0;

    private int Held(long after, long now)
    {
        int most = now < _until ? _holds : 0;
        foreach ((long serial, int amount, long until) in _onTheWay)
        {
            most = serial > after && now < until ? Math.Max(most, amount) : most;
        }

        return most;
    }
}
