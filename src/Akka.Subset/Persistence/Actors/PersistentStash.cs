using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// The stash that a persistent actor sees. What it returns goes in front of the commands that wait for events to be
/// written: they came later.
/// </summary>
internal sealed class PersistentStash(IStash stash, StashImpl waiting) : IStash
{
    public int Capacity => stash.Capacity;

    public int Count => stash.Count;

    public bool IsEmpty => stash.IsEmpty;

    public bool IsFull => stash.IsFull;

    public bool NonEmpty => stash.NonEmpty;

    public void Stash() => stash.Stash();

    public void Unstash()
    {
        var kept = stash.ClearStash().ToList();
        if (kept.Count > 0)
        {
            stash.Prepend(kept.Skip(1));
            waiting.Prepend(kept.Take(1));
        }
    }

    public void UnstashAll() => waiting.Prepend(stash.ClearStash());

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        var all = stash.ClearStash().ToList();
        stash.Prepend(all.Where(envelope => !predicate(envelope)));
        waiting.Prepend(all.Where(predicate));
    }

    public IEnumerable<Envelope> ClearStash() => stash.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => stash.Prepend(envelopes);
}
