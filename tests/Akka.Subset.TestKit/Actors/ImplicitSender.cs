using Akka.Actor;

namespace Akka.TestKit;

/// <summary>
/// Makes what a test sends come from its test actor, on the test's thread and in what follows an await.
/// </summary>
internal sealed class ImplicitSender : SynchronizationContext
{
    private readonly SynchronizationContext? _outer;
    private volatile ActorCell? _cell;

    private ImplicitSender(ActorCell? cell, SynchronizationContext? outer)
    {
        _cell = cell;
        _outer = outer;
    }

    /// <summary>Makes a test actor the sender from now on; null makes it nobody.</summary>
    internal static ImplicitSender Start(IActorRef? testActor)
    {
        var cell = (testActor as LocalActorRef)?.Cell;

        // Of a test before, on the same thread, only what it stood in for is left.
        var outer = Current is ImplicitSender previous ? previous._outer : Current;
        var sender = new ImplicitSender(cell, outer);
        ActorCell.Enter(cell);
        SetSynchronizationContext(sender);
        return sender;
    }

    /// <summary>Ends it, also for what is still to follow an await.</summary>
    internal void Stop()
    {
        if (ReferenceEquals(ActorCell.Current, _cell))
        {
            ActorCell.Enter(null);
        }

        if (ReferenceEquals(Current, this))
        {
            SetSynchronizationContext(_outer);
        }

        _cell = null;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_outer is null)
        {
            ThreadPool.QueueUserWorkItem(_ => Run(d, state));
        }
        else
        {
            _outer.Post(_ => Run(d, state), null);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

    public override SynchronizationContext CreateCopy() => this;

    private void Run(SendOrPostCallback callback, object? state)
    {
        var outerCell = ActorCell.Enter(_cell);
        var outerContext = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(outerContext);
            ActorCell.Enter(outerCell);
        }
    }
}
