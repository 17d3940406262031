using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor that looks at the type of each message itself.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>The context of the actor that is running.</summary>
    protected static new IUntypedActorContext Context => ActorCell.RequireCurrent();

    /// <inheritdoc/>
    protected override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Handles a command; calls <see cref="ActorBase.Unhandled"/> for one it does not know.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Handles an event or snapshot of the past.</summary>
    protected abstract void OnRecover(object message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
