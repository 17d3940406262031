namespace Akka.Actor;

/// <summary>Handles a message; false means that it was not handled.</summary>
public delegate bool Receive(object message);

/// <summary>Handles a message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Watches the end of actors.</summary>
public interface ICanWatch
{
    /// <summary>Asks to be sent <see cref="Terminated"/> when <paramref name="subject"/> ends.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks to be sent <paramref name="message"/> when <paramref name="subject"/> ends.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Withdraws the request, even when the end is already queued.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor sees of its surroundings.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The parent, who supervises this actor.</summary>
    IActorRef Parent { get; }

    /// <summary>The recipe this actor was made from.</summary>
    Props Props { get; }

    /// <summary>How long the actor may receive nothing before it is sent <see cref="Actor.ReceiveTimeout"/>.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>This actor.</summary>
    IActorRef Self { get; }

    /// <summary>The sender of the message that is being handled.</summary>
    IActorRef Sender { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>Replaces the behaviour.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Takes the topmost behaviour away, unless it is the last.</summary>
    void UnbecomeStacked();

    /// <summary>Returns a child, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>Returns the children there are now.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Sets the receive timeout; null ends it.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops a child or this actor.</summary>
    void Stop(IActorRef child);
}

/// <summary>The context of an <see cref="UntypedActor"/>.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top of the present one.</summary>
    void BecomeStacked(UntypedReceive receive);
}

/// <summary>Gives the library access to an actor's context.</summary>
public interface IInternalActor
{
    /// <summary>The context of the actor.</summary>
    IActorContext ActorContext { get; }
}
