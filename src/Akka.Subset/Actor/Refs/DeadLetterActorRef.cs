using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A reference to a path where no actor is: messages become dead letters.</summary>
internal class EmptyLocalActorRef(LocalActorRefProvider provider, ActorPath path, EventStream eventStream)
    : MinimalActorRef
{
    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    private protected override bool HasEndedCore => true;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        switch (message)
        {
            case null:
                throw new InvalidMessageException();
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case AllDeadLetters { Message: AllDeadLetters }:
                // A subscriber of dead letters has ended: publishing that would tell it again, without end.
                break;
            case AllDeadLetters deadLetter:
                Publish(deadLetter.Message, deadLetter.Sender, deadLetter.Recipient);
                break;
            default:
                Publish(message, sender ?? provider.DeadLetters, this);
                break;
        }
    }

    private protected override void ReceiveSystemMessage(SystemMessage message)
    {
        if (message is Watch watch && !ReferenceEquals(watch.Watcher, this))
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(
                watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }

    private void Publish(object message, IActorRef sender, IActorRef recipient) =>
        eventStream.Publish(message is IDeadLetterSuppression
            ? new SuppressedDeadLetter(message, sender, recipient)
            : new DeadLetter(message, sender, recipient));
}

/// <summary>Where messages to dead actors go: to the event stream.</summary>
internal sealed class DeadLetterActorRef(LocalActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    private protected override bool HasEndedCore => false;

    private protected override void ReceiveSystemMessage(SystemMessage message)
    {
        // Dead letters never end: a watch of them waits for ever.
    }
}

/// <summary>Takes messages and does nothing with them.</summary>
internal sealed class IgnoreActorRef(LocalActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("local", "ignore")) / "ignore";

    public override IActorRefProvider Provider => provider;
}
