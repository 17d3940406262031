namespace Akka.Actor;

/// <summary>The stash of a cell.</summary>
internal sealed class StashImpl(ActorCell cell, int capacity) : IStash
{
    private readonly List<Envelope> _messages = [];
    private int _lastStashed;

    public int Capacity => capacity;

    public int Count => _messages.Count;

    public bool IsEmpty => _messages.Count == 0;

    public bool IsFull => capacity >= 0 && _messages.Count >= capacity;

    public bool NonEmpty => _messages.Count > 0;

    public void Stash()
    {
        var message = cell.CurrentMessage
            ?? throw new IllegalActorStateException("There is no message to stash: the actor handles none");
        if (_lastStashed == cell.MessageNumber)
        {
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        }

        if (IsFull)
        {
            throw new StashOverflowException(
                $"Couldn't enqueue message {message.GetType()} to the stash of {cell.Self}: "
                + $"it holds {capacity} already");
        }

        _lastStashed = cell.MessageNumber;
        _messages.Add(new Envelope(message, cell.CurrentSender));
    }

    public void Unstash()
    {
        if (_messages.Count > 0)
        {
            Return([_messages[0]]);
            _messages.RemoveAt(0);
        }
    }

    public void UnstashAll() => ReturnAll();

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        var returned = _messages.Where(predicate).ToList();
        _messages.RemoveAll(envelope => predicate(envelope));
        Return(returned);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var cleared = _messages.ToArray();
        _messages.Clear();
        return cleared;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        var added = envelopes.ToList();
        if (capacity >= 0 && _messages.Count + added.Count > capacity)
        {
            throw new StashOverflowException(
                $"Couldn't prepend {added.Count} messages to the stash of {cell.Self}: "
                + $"it holds {_messages.Count} of {capacity} already");
        }

        _messages.InsertRange(0, added);
    }

    internal void ReturnAll()
    {
        Return(_messages);
        _messages.Clear();
    }

    private void Return(List<Envelope> envelopes)
    {
        foreach (var envelope in envelopes)
        {
            // Taken from the mailbox once, it would pass for withdrawn the second time.
            if (envelope.Message is Terminated terminated)
            {
                (cell.Extras.TerminatedQueued ??= [])[terminated.ActorRef] = null;
            }
        }

        cell.Prepend(envelopes);
    }
}
