using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>
/// Who holds which VIP, as one node sees it and has its part in it. It knows no clock, network or kernel: it is told of
/// time and messages and says what it wants done.
/// </summary>
/// <remarks>
/// <para>
/// A claim has a term, and of two claims all nodes take the higher one for right; a holder that hears of a higher one
/// gives up at once. Whoever takes a VIP takes it with a term above all that it knows. That needs no database.
/// </para>
/// <para>
/// Its time stands still while the node does: one that was halted blames nobody, and listens before it goes on with what
/// it held.
/// </para>
/// </remarks>
internal sealed partial class AnnouncerRule(string self, uint life, AnnouncerTimes times)
{
    private const int LongestTicks = 4;

    private readonly Dictionary<IPAddress, VipClaim> _claims = [];
    private readonly Dictionary<IPAddress, TimeSpan> _freeSince = [];
    private readonly Dictionary<string, AnnouncerPeer> _peers = new(StringComparer.Ordinal);
    private readonly RendezvousOrder _order = new();
    private readonly List<AnnouncerEffect> _effects = [];
    private AnnouncerInput _input = new([], [], IsAble: false, IsDraining: false, TermFloor: 0);
    private TimeSpan? _lastTick;
    private TimeSpan _awake;
    private TimeSpan _nextHello;
    private TimeSpan? _listenUntil;
    private TimeSpan _heldBackUntil;
    private uint _round;

    /// <summary>What the node knows of each VIP.</summary>
    internal IReadOnlyDictionary<IPAddress, VipClaim> Claims => _claims;

    /// <summary>What the node holds.</summary>
    internal IEnumerable<VipClaim> Held => _claims.Values.Where(claim => claim.Holder == self);

    /// <summary>Whether the node holds a VIP.</summary>
    internal bool IsHeld(IPAddress vip) => _claims.GetValueOrDefault(vip)?.Holder == self;

    /// <summary>
    /// Whether the node may answer for what it holds. Not just after it was halted: others may hold it by now.
    /// </summary>
    internal bool MayAnswer => _awake >= _heldBackUntil;

    /// <summary>Whether somebody else could take VIPs from this node.</summary>
    internal bool HasHeir => Candidates(except: self).Any();

    /// <summary>Returns what is wanted since it was asked last.</summary>
    internal IReadOnlyList<AnnouncerEffect> Drain()
    {
        AnnouncerEffect[] wanted = [.. _effects];
        _effects.Clear();
        return wanted;
    }

    /// <summary>Goes on with what the process before this one held on this host, under whatever term it had.</summary>
    internal void Adopt(IEnumerable<IPAddress> vips)
    {
        foreach (IPAddress vip in vips)
        {
            _claims[vip] = new VipClaim(vip, self, 0);
            _effects.Add(new AnnouncerEffect.Took(_claims[vip], self));
        }
    }

    /// <summary>Time has passed, and this is how things are now.</summary>
    internal void Tick(TimeSpan now, AnnouncerInput input)
    {
        bool turned = input.IsDraining != _input.IsDraining || input.IsAble != _input.IsAble;
        _input = input;
        Pass(now);
        Forget();
        bool offers = Offer();
        bool took = Take();
        if (turned || took || offers || _awake >= _nextHello)
        {
            SayHello();
        }
    }

    /// <summary>Gives up everything and says so; nothing is taken again.</summary>
    internal void End()
    {
        _input = _input with { IsAble = false, IsDraining = true };
        foreach (VipClaim claim in Held.ToList())
        {
            _claims[claim.Vip] = claim with { Holder = null, IsOffered = false };
            _effects.Add(new AnnouncerEffect.Gave(_claims[claim.Vip]));
        }

        SayHello();
    }

    private bool IsThere(string node) => node == self
        || (_peers.TryGetValue(node, out AnnouncerPeer? peer) && peer.Sign is { } sign && _awake - sign <= times.Silence);

    private IEnumerable<string> Candidates(string? except) => _peers
        .Where(peer => peer.Key != except && peer.Value.AbleSince is not null && IsThere(peer.Key))
        .Select(peer => peer.Key);

    private void Pass(TimeSpan now)
    {
        TimeSpan passed = now - (_lastTick ?? now);
        _lastTick = now;
        _awake += passed <= times.Tick * LongestTicks ? passed : times.Tick;
        if (passed > times.Silence)
        {
            // Others have taken what this node held, or are about to; their word may not have been read yet.
            _heldBackUntil = _awake + times.Silence;
            _listenUntil = Max(_listenUntil, _awake + times.Listen);
        }

        if (_input.IsAble && _listenUntil is null)
        {
            _listenUntil = _awake + times.Listen;
        }
    }

    /// <summary>VIPs that have left the site are nobody's.</summary>
    private void Forget()
    {
        foreach (VipClaim claim in _claims.Values.Where(claim => !_input.Vips.Contains(claim.Vip)).ToList())
        {
            // What others hold may be of a site file that this node does not have yet; its term counts when it has.
            if (claim.Holder == self)
            {
                _claims[claim.Vip] = claim with { Holder = null, IsOffered = false };
                _effects.Add(new AnnouncerEffect.Gave(_claims[claim.Vip]));
            }
        }

        foreach (string gone in _peers.Keys.Where(node => !IsThere(node) && !_input.Members.Contains(node)).ToList())
        {
            _peers.Remove(gone);
        }
    }

    private bool Offer()
    {
        bool changed = false;
        foreach (VipClaim claim in Held.ToList())
        {
            bool offered = _input.IsDraining || _input.Blocked.Contains(claim.Vip) || (_input.Prefers && IsBetterElsewhere(claim.Vip));
            if (claim.IsOffered != offered)
            {
                _claims[claim.Vip] = claim with { IsOffered = offered };
                changed = true;
            }
        }

        return changed;
    }

    private bool IsBetterElsewhere(IPAddress vip)
    {
        string first = _order.Of(vip, [self, .. Candidates(except: self)])[0];
        return first != self && _peers[first].AbleSince is { } since && _awake - since >= times.Settled;
    }

    private bool Take()
    {
        bool took = false;
        foreach (IPAddress vip in _input.Vips)
        {
            VipClaim? claim = _claims.GetValueOrDefault(vip);
            if (claim?.Holder == self)
            {
                _freeSince.Remove(vip);
            }
            else if (claim?.Holder is { } holder && IsThere(holder) && !claim.IsOffered)
            {
                _freeSince.Remove(vip);
            }
            else if (_input is { IsAble: true, IsDraining: false } && _awake >= _listenUntil && !_input.Blocked.Contains(vip))
            {
                _freeSince.TryAdd(vip, _awake);
                int before = _order.Of(vip, [self, .. Candidates(claim?.Holder)]).IndexOf(self);
                if (_awake - _freeSince[vip] >= before * times.Stagger)
                {
                    Take(vip, claim);
                    took = true;
                }
            }
        }

        return took;
    }

    private void Take(IPAddress vip, VipClaim? claim)
    {
        _freeSince.Remove(vip);
        var mine = new VipClaim(vip, self, Math.Max(claim?.Term ?? 0, _input.TermFloor) + 1);
        _claims[vip] = mine;
        _effects.Add(new AnnouncerEffect.Took(mine, claim?.Holder));
    }

    private static TimeSpan Max(TimeSpan? one, TimeSpan other) => one > other ? one.Value : other;
}
