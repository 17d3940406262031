namespace Akka.Actor;

/// <summary>Something that creates and finds actors: a system or an actor's context.</summary>
public interface IActorRefFactory
{
    /// <summary>Creates an actor, as a child of this context or at the top level of this system.</summary>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Selects the actors at a path.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>Selects the actors at a path, which may be relative and have wildcards.</summary>
    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Finds what the references of a system have in common.</summary>
public interface IActorRefProvider
{
    /// <summary>Where messages to dead actors go.</summary>
    IActorRef DeadLetters { get; }

    /// <summary>The address of the system.</summary>
    Address DefaultAddress { get; }

    /// <summary>The root of the paths of the system.</summary>
    ActorPath RootPath { get; }

    /// <summary>The settings of the system.</summary>
    Settings Settings { get; }

    /// <summary>Returns the actor at a path; one that is not there gets messages as dead letters.</summary>
    IActorRef ResolveActorRef(ActorPath actorPath);

    /// <summary>Returns the actor at a path; one that is not there gets messages as dead letters.</summary>
    IActorRef ResolveActorRef(string path);

    /// <summary>The system.</summary>
    internal ActorSystemImpl SystemImpl { get; }
}
