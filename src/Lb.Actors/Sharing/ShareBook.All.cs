using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Asking for all that another node knows, and answering that: page by page, as the asker wants them.</summary>
internal sealed partial class ShareBook
{
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>What the kernel has was read for a node that asked.</summary>
    public void OnRead(string asker, long session, IReadOnlyCollection<SharedFlow> entries, long now)
    {
        if (!_sessions.TryGetValue(asker, out Session? asked) || asked.Number != session)
        {
            return;
        }

        asked.Pages =
        [
            .. _services.Values.Where(own => own.Report is not null).SelectMany(own => own.Pack(now)),
            .. FlowCodec.Pack(entries, ShareCodec.Room).Select(part => new ShareContent.Flows(part)),
            new ShareContent.Flows([]),
        ];
        asked.UsedAt = now;
        SendPages(asker, asked, 0);
    }

    private void Answer(string asker, ShareMessage.Ask ask, long now)
    {
        if (!_sessions.TryGetValue(asker, out Session? session) || session.Number != ask.Session)
        {
            if (ask.Index > 0)
            {
                _effects.Add(new ShareEffect.Send(asker, ShareCodec.Write(
                    new ShareMessage.Page(_feed, _last, ask.Session, 0, 0, new ShareContent.Flows([])))));
                return;
            }

            session = new Session(ask.Session, _last);
            _sessions[asker] = session;
            _effects.Add(new ShareEffect.Read(asker, ask.Session));
        }

        session.UsedAt = now;
        SendPages(asker, session, ask.Index);
    }

    private void SendPages(string asker, Session session, int from)
    {
        for (int i = from; i < Math.Min(session.Pages.Length, from + ShareTimes.Window); i++)
        {
            _effects.Add(new ShareEffect.Send(asker, ShareCodec.Write(new ShareMessage.Page(
                _feed, session.At, session.Number, i, session.Pages.Length, session.Pages[i]))));
        }
    }

    private void AskForAll(Peer peer, long now)
    {
        if (!peer.NeedsAll || now - peer.AskedAt < ShareTimes.Ask.Ticks)
        {
            return;
        }

        if (peer.Session == 0)
        {
            peer.Session = Math.Max(now, 1);
            peer.Pages.Clear();
            peer.Total = 0;
            peer.TakenOver = 0;
        }

        AskOn(peer, now);
    }

    private void AskOn(Peer peer, long now)
    {
        int from = peer.AskedFrom = peer.Total == 0 ? 0 : Enumerable.Range(0, peer.Total).FirstOrDefault(page => !peer.Pages.Contains(page));
        peer.AskedAt = now;
        _effects.Add(new ShareEffect.Send(peer.Address, ShareCodec.Write(new ShareMessage.Ask(peer.Session, from))));
    }

    private void HearPage(Peer peer, ShareMessage.Page page, long now)
    {
        if (page.Session != peer.Session || !peer.NeedsAll)
        {
            return;
        }

        if (page.Total == 0)
        {
            peer.Session = 0; // It has forgotten; asked for anew.
            return;
        }

        peer.Total = page.Total;
        if (page.Index >= page.Total || !peer.Pages.Add(page.Index))
        {
            return;
        }

        bool isLast = peer.Pages.Count == page.Total;
        if (isLast)
        {
            // What is in it, or was said since, is all there is.
            peer.Skip(page.At, now);
        }

        peer.TakenOver += page.Content is ShareContent.Flows flows ? flows.Entries.Length : 0;
        Take(peer, page.Content, isLast ? peer.Session : 0, now);
        if (!isLast && Enumerable.Range(peer.AskedFrom, Math.Min(ShareTimes.Window, page.Total - peer.AskedFrom)).All(peer.Pages.Contains))
        {
            AskOn(peer, now);
        }
    }

    /// <summary>What was read for a node that asked.</summary>
    private sealed class Session(long number, long at)
    {
        public long Number => number;

        /// <summary>The last part that was said before it was read.</summary>
        public long At => at;

        public long UsedAt { get; set; }

        public ImmutableArray<ShareContent> Pages { get; set; } = [];
    }
}
