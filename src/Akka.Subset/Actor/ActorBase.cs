using Akka.Event;

namespace Akka.Actor;

/// <summary>Base of all actors: handles one message at a time.</summary>
public abstract class ActorBase : IInternalActor
{
    private readonly ActorCell _cell;
    private SupervisorStrategy? _supervisorStrategy;

    /// <summary>Creates the actor inside the cell that asked for it.</summary>
    /// <exception cref="ActorInitializationException">No cell asked for it.</exception>
    protected ActorBase()
    {
        // A cell that has its actor asks for none: taking its place would end the behaviour of that actor.
        _cell = ActorCell.Current is { Actor: null } creating
            ? creating
            : throw new ActorInitializationException(
                $"Cannot create an instance of [{GetType()}] with new: use ActorOf with Props");
        _cell.ResetBehavior(FirstBehavior());
    }

    /// <summary>The context of the actor that is running.</summary>
    /// <exception cref="NotSupportedException">No actor is running on this thread.</exception>
    protected static IActorContext Context => ActorCell.RequireCurrent();

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = static _ => false;

    IActorContext IInternalActor.ActorContext => _cell;

    /// <summary>This actor.</summary>
    protected IActorRef Self => _cell.Self;

    /// <summary>The sender of the message that is being handled, or dead letters when it has none.</summary>
    protected IActorRef Sender => _cell.Sender;

    internal ActorCell Cell => _cell;

    internal SupervisorStrategy SupervisorStrategyInternal
    {
        get => _supervisorStrategy ??= SupervisorStrategy();
        set => _supervisorStrategy = value;
    }

    /// <summary>Handles a message; false means that it was not handled.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Wraps the handling of a message.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        if (!receive(message))
        {
            Unhandled(message);
        }

        return true;
    }

    /// <summary>Called for a message that the behaviour did not handle.</summary>
    /// <exception cref="DeathPactException">The message says that a watched actor has ended.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.SystemImpl.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    /// <summary>Takes the topmost behaviour away, unless it is the last.</summary>
    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Sets the receive timeout; null ends it.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);

    /// <summary>How this actor supervises its children.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Called before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called when the actor has stopped; its children are gone by then.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Called on the failed instance; stops the children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        _cell.StopChildren(unwatch: true);
        PostStop();
    }

    /// <summary>Called on the new instance; calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Wraps <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Wraps <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>Wraps <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object? message) => PreRestart(cause, message);

    /// <summary>Wraps <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object? message) => PostRestart(cause);

    internal void FinishConstruction() => EndConstruction();

    private protected virtual Receive FirstBehavior() => Receive;

    private protected virtual void EndConstruction()
    {
    }

    // Called when a handler that had to wait has ended, still within its turn.
    internal virtual void AfterAsyncHandler(bool failed)
    {
    }

    internal void Handle(Receive behavior, object message) => AroundReceive(behavior, message);
}
