using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What the node says to other announcers, and what it makes of their word.</summary>
internal sealed partial class AnnouncerRule
{
    /// <summary>Another announcer says something.</summary>
    internal void OnHello(string from, AnnouncerHello hello)
    {
        if (from == self)
        {
            // The process that this one follows, or that follows it, under the same address.
            return;
        }

        AnnouncerPeer peer = Peer(from);
        if (!peer.Hear(hello, _awake, times.Silence))
        {
            return;
        }

        HearSights(hello.Seen);
        List<VipClaim> unknown = [];
        foreach (HelloClaim said in hello.Claims)
        {
            Hear(new VipClaim(said.Vip, from, said.Term) { IsOffered = said.IsOffered }, unknown);
        }

        foreach (VipClaim said in hello.Others.Where(said => said.Holder is not null))
        {
            Hear(said, unknown);
        }

        if (hello.Others.IsEmpty && peer.HasSaidAll(hello))
        {
            HearSilence(from, peer);
        }

        bool took = Take();
        if (took)
        {
            SayHello();
        }

        if (unknown.Count > 0)
        {
            Tell(from, unknown);
        }
    }

    private AnnouncerPeer Peer(string node)
    {
        if (!_peers.TryGetValue(node, out AnnouncerPeer? peer))
        {
            peer = new AnnouncerPeer();
            _peers.Add(node, peer);
        }

        return peer;
    }

    /// <summary>Whom others have heard of lives, though this node may not hear it: a broken path takes no VIP away.</summary>
    private void HearSights(ImmutableArray<HelloSight> seen)
    {
        if (seen.IsEmpty)
        {
            return;
        }

        Dictionary<uint, TimeSpan> ages = [];
        foreach (HelloSight sight in seen)
        {
            ages[sight.Node] = sight.Age;
        }

        foreach (string node in _input.Members.Where(node => node != self))
        {
            if (ages.TryGetValue(RendezvousOrder.Short(node), out TimeSpan age) && age < times.Silence)
            {
                Peer(node).SeenAt(_awake - age);
            }
        }
    }

    private void Hear(VipClaim said, List<VipClaim> unknown)
    {
        VipClaim? known = _claims.GetValueOrDefault(said.Vip);
        if (said.Holder == self)
        {
            // Somebody tells what this node held, in an earlier life or before it was halted: its terms go on from there.
            if (known is null || said.Term > known.Term)
            {
                _claims[said.Vip] = known?.Holder == self
                    ? known with { Term = said.Term }
                    : new VipClaim(said.Vip, null, said.Term);
            }
        }
        else if (known?.Holder == said.Holder || said.IsAbove(known))
        {
            if (known?.Holder == said.Holder && known!.Term > said.Term)
            {
                // It has forgotten its term, as after a start.
                unknown.Add(known);
                said = said with { Term = known.Term };
            }

            _claims[said.Vip] = said;
            if (known?.Holder == self)
            {
                _effects.Add(new AnnouncerEffect.Gave(said));
            }
        }
        else if (known!.Holder is { } holder && IsThere(holder))
        {
            unknown.Add(known);
        }
    }

    /// <summary>What a node does not say that it holds it does not hold any more.</summary>
    private void HearSilence(string from, AnnouncerPeer peer)
    {
        foreach (VipClaim claim in _claims.Values.Where(c => c.Holder == from && !peer.Lists(c.Vip)).ToList())
        {
            _claims[claim.Vip] = claim with { Holder = null, IsOffered = false };
        }
    }

    private void SayHello()
    {
        _nextHello = _awake + times.Hello;
        _round++;
        HelloClaim[] claims = [.. Held.Select(claim => new HelloClaim(claim.Vip, claim.Term, claim.IsOffered))];
        HelloClaim[][] parts = claims.Length == 0 ? [[]] : [.. claims.Chunk(AnnouncerHelloCodec.RoomForClaims)];
        ImmutableArray<HelloSight> seen = Sights();
        for (int part = 0; part < parts.Length; part++)
        {
            var hello = New() with
            {
                Part = (byte)part,
                Parts = (byte)Math.Min(parts.Length, byte.MaxValue),
                Claims = [.. parts[part]],
                Seen = part == 0 ? seen : [],
            };
            foreach (string member in _input.Members.Where(member => member != self))
            {
                _effects.Add(new AnnouncerEffect.Send(member, hello));
            }
        }
    }

    private void Tell(string to, List<VipClaim> unknown)
    {
        const int Some = 10;
        foreach (VipClaim[] some in unknown.Chunk(Some))
        {
            _effects.Add(new AnnouncerEffect.Send(to, New() with { Others = [.. some] }));
        }
    }

    private AnnouncerHello New() => new()
    {
        Life = life,
        Round = _round,
        IsAble = _input is { IsAble: true, IsDraining: false },
    };

    // When there is no room for all, each round begins with others.
    private ImmutableArray<HelloSight> Sights()
    {
        List<HelloSight> there =
        [
            .. _peers.Where(peer => peer.Value.Heard is { } heard && _awake - heard <= times.Silence)
                .Select(peer => new HelloSight(RendezvousOrder.Short(peer.Key), _awake - peer.Value.Heard!.Value)),
        ];
        int room = AnnouncerHelloCodec.RoomForSights;
        return there.Count <= room
            ? [.. there]
            : [.. Enumerable.Range(0, room).Select(i => there[(int)((_round * (uint)room + (uint)i) % (uint)there.Count)])];
    }
}
