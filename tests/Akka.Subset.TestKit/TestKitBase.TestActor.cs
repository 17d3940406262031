using Akka.Actor;

namespace Akka.TestKit;

/// <content>What the test actor does with messages.</content>
public abstract partial class TestKitBase
{
    /// <summary>Leaves out messages from now on.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        Control(new InternalTestActor.SetIgnore(shouldIgnoreMessage));

    /// <summary>Leaves out messages of a type from now on.</summary>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is TMsg typed && shouldIgnoreMessage(typed));

    /// <summary>Leaves out all messages of a type from now on.</summary>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(message => message is TMsg);

    /// <summary>Leaves out no messages any more.</summary>
    public void IgnoreNoMessages() => Control(new InternalTestActor.SetIgnore(null));

    /// <summary>Watches an actor: its end comes as <see cref="Terminated"/>.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        Control(new InternalTestActor.WatchActor(actorToWatch));
        return actorToWatch;
    }

    /// <inheritdoc cref="Watch(IActorRef)"/>
    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await Handled(done => new InternalTestActor.WatchActor(actorToWatch, done));
        return actorToWatch;
    }

    /// <summary>Watches an actor no more.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        Control(new InternalTestActor.UnwatchActor(actorToUnwatch));
        return actorToUnwatch;
    }

    /// <inheritdoc cref="Unwatch(IActorRef)"/>
    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        await Handled(done => new InternalTestActor.UnwatchActor(actorToUnwatch, done));
        return actorToUnwatch;
    }

    /// <summary>Has a pilot handle the messages, beside keeping them for the test.</summary>
    public void SetAutoPilot(AutoPilot pilot) => Control(new InternalTestActor.SetPilot(pilot));

    private Task Handled(Func<TaskCompletionSource, object> message)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Control(message(done));
        return done.Task.WaitAsync(RemainingOrDefault);
    }

    private void Control(object message) => TestActor.Tell(message, ActorRefs.NoSender);
}
