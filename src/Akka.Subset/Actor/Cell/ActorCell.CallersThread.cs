namespace Akka.Actor;

/// <summary>Turns on the thread of whoever sends: for a test kit, whose actors have handled what it sent them.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Makes a cell the one in whose name this thread sends; returns the one it was before.</summary>
    internal static ActorCell? Enter(ActorCell? cell)
    {
        var outer = _current;
        _current = cell;
        return outer;
    }

    /// <summary>Gives the actor a message past the mailbox and its supervisor: a failure is the caller's.</summary>
    internal void Receive(object message, IActorRef? sender)
    {
        var (outer, outerMessage, outerSender) = (Enter(this), _currentMessage, _currentSender);
        (_currentMessage, _currentSender) = (message, sender);
        MessageNumber++;
        try
        {
            ReceiveMessage(message);
        }
        finally
        {
            (_currentMessage, _currentSender) = (outerMessage, outerSender);
            Enter(outer);
        }
    }

    private void Queue()
    {
        if (_props.RunsOnCallersThread)
        {
            RunHere();
        }
        else
        {
            // Behind everyone else who waits. The queue of a thread's own would be quicker, but what is put there goes
            // first: two actors that go on talking would keep the thread from all others.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void RunHere()
    {
        var outer = Enter(this);
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            RunTurn();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            Enter(outer);
        }
    }
}
