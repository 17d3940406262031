using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>References that stand for no actor.</summary>
public static class ActorRefs
{
    /// <summary>The sender of a message that comes from outside any actor.</summary>
    public static readonly IActorRef? NoSender;

    /// <summary>An actor that does not exist.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;
}

/// <summary>Helpers for references that may stand for no actor.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether the reference is null or stands for no actor.</summary>
    public static bool IsNobody([NotNullWhen(false)] this IActorRef? actorRef) => actorRef is null or Nobody;

    /// <summary>Returns the reference, or another one when it stands for no actor.</summary>
    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef;
}

/// <summary>Sends messages in the name of the actor that is running.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends a message; the sender is the running actor, or none outside of actors.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current?.Self);

    /// <summary>Sends a message on behalf of the sender of the message that is being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current?.CurrentSender);
}

/// <summary>Shorter forms of <see cref="IActorRefFactory"/>'s methods.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Creates an actor that has a constructor without parameters.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() =>
        factory.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Selects actors relative to <paramref name="anchorRef"/>.</summary>
    public static ActorSelection ActorSelection(
        this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        new(anchorRef, actorPath);
}
