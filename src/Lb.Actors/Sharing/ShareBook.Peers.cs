using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>What others say.</summary>
internal sealed partial class ShareBook
{
    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);

    // What nodes said last that are gone, or in a life before the one that they have now.
    private readonly Dictionary<ulong, List<PeerTable>> _ghosts = [];

    /// <summary>Another node has said something.</summary>
    public void OnMessage(string from, long life, ShareMessage message, long now)
    {
        if (!_others.Any(other => other.Address == from))
        {
            return;
        }

        switch (message)
        {
            case ShareMessage.Ask ask:
                Answer(from, ask, now);
                break;
            case ShareMessage.Missing missing:
                SendAgain(from, missing);
                break;
            default:
                if (PeerOf(from, life, message.Feed) is { } peer)
                {
                    peer.HeardAt = now;
                    Hear(peer, message, now);
                }

                break;
        }

        Settle(now);
    }

    /// <summary>Entries were written.</summary>
    public void OnWritten(ShareReceipt receipt, long now)
    {
        if (!_peers.TryGetValue(receipt.From, out Peer? peer) || peer.Life != receipt.Life || peer.Feed != receipt.Feed)
        {
            return;
        }

        peer.Written = Math.Max(peer.Written, receipt.Position);
        if (receipt.EndsSession != 0 && receipt.EndsSession == peer.Session)
        {
            peer.Session = 0;
            peer.NeedsAll = false;
            _effects.Add(new ShareEffect.TookOver(peer.Address, peer.TakenOver));
            _allDirty = true;
        }

        SayAlive(peer.Address);
        Settle(now);
    }

    /// <summary>The peer as it is now; null for a message of a life or a feed before.</summary>
    private Peer? PeerOf(string address, long life, long feed)
    {
        if (_peers.TryGetValue(address, out Peer? peer) && (peer.Life, peer.Feed).CompareTo((life, feed)) >= 0)
        {
            return peer.Life == life && peer.Feed == feed ? peer : null;
        }

        Peer anew = new(address, life, feed);
        if (peer is not null)
        {
            if (peer.Life != life)
            {
                Bury(peer);
            }

            anew.LastLag = peer.LastLag;
            anew.Resyncs = peer.Resyncs + 1;
        }

        _peers[address] = anew;
        _allDirty = true;
        return anew;
    }

    private void Bury(Peer peer)
    {
        foreach ((ulong service, PeerService said) in peer.Slots)
        {
            if (said.Report is { } report && report.Runs.States.Any(state => state.Busy))
            {
                if (!_ghosts.TryGetValue(service, out List<PeerTable>? ghosts))
                {
                    ghosts = [];
                    _ghosts.Add(service, ghosts);
                }

                ghosts.RemoveAll(ghost => ghost.Node == peer.Address && ghost.HeardAt >= peer.HeardAt);
                ghosts.Add(new PeerTable(peer.Address, IsLost: true, IsEstablished: false, peer.HeardAt, report));
            }
        }
    }

    private void Hear(Peer peer, ShareMessage message, long now)
    {
        switch (message)
        {
            case ShareMessage.Alive alive:
                HearAlive(peer, alive, now);
                break;
            case ShareMessage.Part part when peer.Take(part.Number, now):
                Take(peer, part.Content, endsSession: 0, now);
                AskForMissing(peer, now);
                break;
            case ShareMessage.Part:
                SayAlive(peer.Address);
                break;
            case ShareMessage.Page page:
                HearPage(peer, page, now);
                break;
            default:
                break;
        }
    }

    private void HearAlive(Peer peer, ShareMessage.Alive alive, long now)
    {
        if (alive.AckFeed == _feed && alive.AckLast > peer.AckLast)
        {
            peer.AckLast = alive.AckLast;
            if (_kept.Find(alive.AckLast) is { } kept)
            {
                peer.AckEntries = kept.Entries;
                peer.LastLag = now - kept.At;
                peer.Lags.Add(peer.LastLag);
            }
        }

        if (alive.Established != peer.IsEstablished)
        {
            peer.IsEstablished = alive.Established;
            _allDirty = true;
        }

        peer.Told(alive.Last, now);
        if (!peer.NeedsAll && peer.Position + 1 < alive.Floor)
        {
            peer.NeedsAll = true;
            peer.Resyncs++;
            _effects.Add(new ShareEffect.Lost(peer.Address));
            _allDirty = true;
        }

        AskForMissing(peer, now);
        AskForAll(peer, now);
    }

    private void Take(Peer peer, ShareContent content, long endsSession, long now)
    {
        ImmutableArray<SharedFlow> entries = content is ShareContent.Flows flows ? flows.Entries : [];
        if (content is ShareContent.Slots slots && peer.Hear(slots, now))
        {
            _dirty.Add(slots.Service);
        }

        peer.Heard += entries.Length;
        _effects.Add(new ShareEffect.Write(
            entries, new ShareReceipt(peer.Address, peer.Life, peer.Feed, peer.Position, endsSession)));
    }

    private void AskForMissing(Peer peer, long now)
    {
        if (peer.NeedsAll || peer.MissingSince is not { } since || now - since < ShareTimes.Early.Ticks
            || now - peer.MissedAt < ShareTimes.Early.Ticks)
        {
            return;
        }

        peer.MissedAt = now;
        _effects.Add(new ShareEffect.Send(peer.Address, ShareCodec.Write(
            new ShareMessage.Missing(peer.Feed, peer.Position + 1, peer.FirstEarly - 1))));
    }

    private void SendAgain(string to, ShareMessage.Missing missing)
    {
        if (missing.Feed == _feed && missing.From >= _kept.Floor)
        {
            long last = Math.Min(missing.To, missing.From + (2 * ShareTimes.Window) - 1);
            for (long number = missing.From; number <= last && _kept.Find(number) is { } kept; number++)
            {
                _sentAgain++;
                _effects.Add(new ShareEffect.Send(to, kept.Message));
            }
        }
        else
        {
            SayAlive(to);
        }
    }

    /// <summary>What a peer has said of a service.</summary>
    private sealed class PeerService
    {
        public long Serial { get; set; } = long.MinValue;

        public SlotReport? Report { get; set; }

        /// <summary>The serial that all parts have been heard of.</summary>
        public long Whole { get; set; } = long.MinValue;

        public ShareContent.Slots?[] Parts { get; set; } = [];
    }

    /// <summary>Another node in one life, with one feed.</summary>
    private sealed class Peer(string address, long life, long feed)
    {
        private readonly SortedSet<long> _early = [];
        private long _told;

        public string Address => address;

        public long Life => life;

        public long Feed => feed;

        public long HeardAt { get; set; }

        public bool IsEstablished { get; set; }

        /// <summary>All that it knows is to be asked for.</summary>
        public bool NeedsAll { get; set; } = true;

        /// <summary>Of the asking for all; 0 for none.</summary>
        public long Session { get; set; }

        public long AskedAt { get; set; } = long.MinValue / 2;

        public HashSet<int> Pages { get; } = [];

        public int AskedFrom { get; set; }

        public int Total { get; set; }

        public int TakenOver { get; set; }

        /// <summary>Up to which part all have been heard.</summary>
        public long Position { get; private set; }

        /// <summary>Up to which part all have been written.</summary>
        public long Written { get; set; }

        public long AckLast { get; set; }

        public long AckEntries { get; set; }

        public long LastLag { get; set; }

        public long ProddedAt { get; set; } = long.MinValue / 2;

        public LagWindow Lags { get; } = new();

        public long Heard { get; set; }

        public long Resyncs { get; set; }

        public long? MissingSince { get; private set; }

        public long MissedAt { get; set; } = long.MinValue / 2;

        public Dictionary<ulong, PeerService> Slots { get; } = [];

        /// <summary>The first part that is there, or is told of, behind those that are missing.</summary>
        public long FirstEarly => _early.Count > 0 ? _early.Min : _told + 1;

        /// <summary>Takes note of a part; false when it was heard already.</summary>
        public bool Take(long number, long now)
        {
            if (number <= Position || _early.Count >= ShareTimes.MostEarly || !_early.Add(number))
            {
                return false;
            }

            Advance(now);
            return true;
        }

        /// <summary>All up to a part has been heard in another way.</summary>
        public void Skip(long to, long now)
        {
            Position = Math.Max(Position, to);
            Advance(now);
        }

        /// <summary>It has said so many parts.</summary>
        public void Told(long last, long now)
        {
            _told = Math.Max(_told, last);
            Advance(now);
        }

        /// <summary>Takes a part of what is said of slots; true when that is whole by it, and new.</summary>
        public bool Hear(ShareContent.Slots slots, long now)
        {
            if (!Slots.TryGetValue(slots.Service, out PeerService? service))
            {
                service = new PeerService();
                Slots.Add(slots.Service, service);
            }

            if (slots.Serial < service.Serial || slots.Serial == service.Whole || slots.Index >= slots.Total)
            {
                return false;
            }

            if (slots.Serial > service.Serial || service.Parts.Length != slots.Total)
            {
                service.Serial = slots.Serial;
                service.Parts = new ShareContent.Slots?[slots.Total];
            }

            service.Parts[slots.Index] = slots;
            if (service.Parts.Any(part => part is null))
            {
                return false;
            }

            SlotReport? report = SlotCodec.Unpack(service.Parts!, now);
            service.Parts = [];
            service.Whole = slots.Serial;
            service.Report = report ?? service.Report;
            return report is not null;
        }

        private void Advance(long now)
        {
            long before = Position;
            while (_early.Count > 0 && _early.Min <= Position + 1)
            {
                Position = Math.Max(Position, _early.Min);
                _early.Remove(_early.Min);
            }

            bool isMissing = _early.Count > 0 || _told > Position;
            MissingSince = !isMissing ? null : Position > before ? now : MissingSince ?? now;
        }
    }
}
