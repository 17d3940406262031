namespace Akka.Actor;

/// <summary>An actor that looks at the type of each message itself.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>The context of the actor that is running.</summary>
    protected static new IUntypedActorContext Context => ActorCell.RequireCurrent();

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; calls <see cref="ActorBase.Unhandled"/> for one it does not know.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>Runs an action as an asynchronous handler would run.</summary>
    protected void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>Runs an asynchronous action; the next message is handled when it has ended.</summary>
    protected void RunTask(Func<Task> action) => Cell.RunAsync(static run => run(), action);
}
