using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Akka.Actor;

namespace Lb.Actors;

/// <summary>What the announcer does on the word of its rule, and what it says of itself.</summary>
public sealed partial class AnnouncerActor
{
    private bool _changed;
    private TimeSpan _nextPublish;

    private void Carry()
    {
        foreach (AnnouncerEffect effect in _rule.Drain())
        {
            switch (effect)
            {
                case AnnouncerEffect.Send send:
                    _peers?.Send(send.To, AnnouncerHelloCodec.Write(send.Hello));
                    break;
                case AnnouncerEffect.Took took:
                    _takeovers++;
                    _changed = true;
                    _log.VipTaken(
                        took.Claim.Vip, took.Claim.Term,
                        took.From is { } from ? $"{from} did" : "nobody did");
                    break;
                case AnnouncerEffect.Gave gave:
                    _changed = true;
                    _log.VipGiven(
                        gave.Claim.Vip,
                        gave.Claim.Holder is { } holder
                            ? string.Create(CultureInfo.InvariantCulture, $"{holder} does, at term {gave.Claim.Term}")
                            : "it is given up");
                    break;
            }
        }
    }

    private void OnDrain(DrainVips drain)
    {
        if (drain.Drains != _drains)
        {
            _drains = drain.Drains;
            if (_drains)
            {
                _log.VipsDraining();
            }
            else
            {
                _log.VipsNotDraining();
            }
        }

        _changed = true;
        OnTick();
        Sender.Tell(_board.Current);
    }

    private void OnHandOver()
    {
        _handOver = Sender;
        _handOverUntil = Now + HandOverTime;
        OnTick();
    }

    private void CheckHandOver(TimeSpan now)
    {
        if (_handOver is { } asker && (!_rule.Held.Any() || !_rule.HasHeir || now >= _handOverUntil))
        {
            asker.Tell(new VipsHandedOver(_rule.Held.Count()));
            _handOverUntil = TimeSpan.MaxValue;
            _handOver = ActorRefs.Nobody;
        }
    }

    private void Publish(AnnouncerCluster? cluster, TimeSpan now)
    {
        if (!_changed && now < _nextPublish)
        {
            return;
        }

        _changed = false;
        _nextPublish = now + LookTime;
        bool ended = cluster is { HasEnded: true };
        ImmutableHashSet<IPAddress> vips = Vips();
        foreach (IPAddress gone in _since.Keys.Where(vip => !vips.Contains(vip)).ToList())
        {
            _since.Remove(gone);
        }

        _board.Current = new AnnouncerSnapshot(
            AnnounceMode.Arp,
            _peers?.Self,
            _drains || _handOver is not null,
            ended ? "it is out of the cluster" : _fitness.Reason,
            [.. vips.OrderBy(vip => vip.ToString(), StringComparer.Ordinal).Select(vip => Describe(vip, ended))])
        {
            Takeovers = _takeovers,
        };
    }

    private VipSnapshot Describe(IPAddress vip, bool ended)
    {
        VipClaim claim = _rule.Claims.GetValueOrDefault(vip) ?? new VipClaim(vip, null, 0);
        if (!_since.TryGetValue(vip, out (VipClaim Claim, DateTimeOffset Since) known)
            || known.Claim.Holder != claim.Holder || known.Claim.Term != claim.Term)
        {
            known = (claim, _clock.GetUtcNow());
            _since[vip] = known;
        }

        bool here = !ended && _rule.IsHeld(vip);
        (string by, string? problem) = here ? _keeper.Describe(vip) : (string.Empty, null);
        return new VipSnapshot(vip, claim.Holder, here, claim.Term, known.Since, by, problem);
    }
}
