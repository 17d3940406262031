using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The book's part of a node that others take for the owner of a service.</summary>
internal sealed partial class SliceBook
{
    // Grows over all grants of this session.
    private long _serial;

    private void OnClaim(string from, SliceMessage.Claim claim, long now)
    {
        long counted = claim.Echo + SliceTimes.VoteCounted.Ticks;
        if (!_isIn || _resigns || claim.Echo > now || counted <= now)
        {
            return; // It was on its way for so long that it may say something else by now.
        }

        HashSet<SlicedService> told = [];
        Dictionary<(string Node, long Session, long Echo), List<SliceGrant>> grants = [];
        foreach (SliceClaim entry in claim.Entries)
        {
            if (!_services.TryGetValue(entry.Key.Service, out SlicedService? service))
            {
                continue;
            }

            if (told.Add(service))
            {
                // A vote that had ended before this one came is a gap, in which others may have voted for somebody else.
                service.Ledger.Refresh(_members, now);
                SliceRule before = service.Ledger.Rule;
                service.Ledger.Bind(from, claim.Session, counted, claim.Votes);
                service.Ledger.Refresh(_members, now);
                if (before != SliceRule.Most && service.Ledger.Rule == SliceRule.Most)
                {
                    _effects.Add(new SliceEffect.Own(service.Number));
                }
            }

            if (Enter(service, from, claim, entry, now) is { } account)
            {
                Settle(service, entry.Key, account, grants, now);
            }
        }

        foreach (((string node, long session, long echo), List<SliceGrant> entries) in grants)
        {
            foreach (SliceGrant[] part in entries.Chunk(SliceCodec.MostEntries))
            {
                Send(node, new SliceMessage.Grant(_session, session, echo, [.. part]));
            }
        }
    }

    private static SliceAccount? Enter(
        SlicedService service, string from, SliceMessage.Claim claim, in SliceClaim entry, long now)
    {
        List<SliceAccount> accounts = service.Ledger[entry.Key];
        SliceAccount? account = accounts.Find(known => known.Node == from && known.Session == claim.Session);
        if (account is null)
        {
            accounts.Add(account = new SliceAccount(from, claim.Session));
        }
        else if (claim.Stamp <= account.Stamp)
        {
            return null; // It has said something later.
        }

        account.OnClaim(entry, claim.Stamp, claim.Echo + SliceTimes.VoteCounted.Ticks, now);
        if (entry.Relays)
        {
            // The process before it is no more.
            accounts.RemoveAll(known => known.Node == from && known.Session != claim.Session);
        }

        return account;
    }

    /// <summary>Renews what a node has of a limit, and divides the limit anew where that is of use.</summary>
    private void Settle(
        SlicedService service,
        SliceKey key,
        SliceAccount claimed,
        Dictionary<(string Node, long Session, long Echo), List<SliceGrant>> grants,
        long now)
    {
        SliceLedger ledger = service.Ledger;
        if (ledger.Rule == SliceRule.None || !service.Limits.TryGetValue(key, out SliceHolding? own))
        {
            return;
        }

        if (ledger.Rule == SliceRule.Half || !ledger.IsWhole(key, _members, _changedAt, _goneAt, now))
        {
            Give(claimed, Math.Min(claimed.Renewable(now), own.Limit));
            return;
        }

        List<SliceAccount> all = ledger[key];
        all.RemoveAll(account => account.Reserved(now) == 0 && !ledger.IsBound(account.Node, account.Session, now));
        SliceAccount[] bound = [.. all
            .Where(account => !account.Ends
                && ledger.IsBound(account.Node, account.Session, now) && _members.Contains(account.Node))
            .OrderBy(account => account.Node, StringComparer.Ordinal)];
        long others = all.Except(bound).Sum(account => (long)account.Reserved(now));
        ImmutableArray<int> slices = Divide(bound, (int)Math.Max(0, own.Limit - others));
        long free = own.Limit - all.Sum(account => (long)account.Reserved(now));

        // While there are more connections than there may be, as after a node was cut off, none that ends is replaced.
        bool over = free < 0;
        for (int i = 0; i < bound.Length; i++)
        {
            int reserved = over ? bound[i].Renewable(now) : bound[i].RenewableOrUsed(now);
            int slice = (int)Math.Min(slices[i], reserved + Math.Max(free, 0));
            free -= Math.Max(0, slice - reserved);
            if (ReferenceEquals(bound[i], claimed) || slice != bound[i].Granted)
            {
                Give(bound[i], slice);
            }
        }

        if (claimed.Ends)
        {
            Give(claimed, 0); // So it knows that it was heard.
        }

        void Give(SliceAccount to, int amount)
        {
            to.OnGrant(++_serial, amount, now);
            (string, long, long) mail = (to.Node, to.Session, to.Stamp);
            if (!grants.TryGetValue(mail, out List<SliceGrant>? entries))
            {
                grants.Add(mail, entries = []);
            }

            entries.Add(new SliceGrant(key, _serial, amount));
        }
    }

    /// <summary>As before, unless something is left over, too much is given, or somebody needs more and would get it.</summary>
    private static ImmutableArray<int> Divide(SliceAccount[] bound, int total)
    {
        ImmutableArray<int> asBefore = [.. bound.Select(account => account.Granted)];
        bool pressed = bound.Any(account => account.Need.IsPressed);
        bool same = asBefore.Sum(slice => (long)slice) == total;
        if (same && !pressed)
        {
            return asBefore;
        }

        ImmutableArray<int> anew = SliceDivision.Divide(total, [.. bound.Select(account => account.Need)]);
        return !same || bound.Where((account, i) => account.Need.IsPressed && anew[i] > account.Granted).Any() ? anew : asBefore;
    }
}
