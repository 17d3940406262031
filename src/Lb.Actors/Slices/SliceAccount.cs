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

    public string Node => node;

    public long Session => session;

    /// <summary>What was given last.</summary>
    public int Granted { get; private set; }

    /// <summary>Stamp of its last claim.</summary>
    public long Stamp { get; private set; } = long.MinValue;

    /// <summary>Its relay runs.</summary>
    public bool Relays { get; private set; }

    public SliceNeed Need => new(_used, Granted, Hungry);

    private bool Hungry { get; set; }

    /// <summary>The node says what it has.</summary>
    public void OnClaim(in SliceClaim claim, long stamp, long now)
    {
        Stamp = stamp;
        Relays = claim.Relays;
        _holds = claim.Holds;
        _used = claim.Used;
        Hungry = claim.Hungry;

        // Its lease counts from a claim that it sent before now.
        _until = now + SliceTimes.LeaseOver.Ticks;
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

    /// <summary>What it may use at most.</summary>
    public int Held(long now)
    {
        int most = now < _until ? _holds : 0;
        foreach ((_, int amount, long until) in _onTheWay)
        {
            most = now < until ? Math.Max(most, amount) : most;
        }

        return most;
    }

    /// <summary>What nobody else may have: it may use it, or does.</summary>
    public int Reserved(long now) => Math.Max(Held(now), now < _until ? _used : 0);
}
