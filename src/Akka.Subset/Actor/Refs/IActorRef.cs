using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Something messages can be sent to.</summary>
public interface ICanTell
{
    /// <summary>Sends <paramref name="message"/>, at most once, without waiting.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>The handle of an actor: the only way to reach it. It stays the same when the actor restarts.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, ISurrogated, IComparable
{
    /// <summary>Where the actor is.</summary>
    ActorPath Path { get; }
}

/// <summary>Tells whether an actor lives in this process.</summary>
public interface IActorRefScope
{
    /// <summary>Whether the actor lives in this process.</summary>
    bool IsLocal { get; }
}

/// <summary>What the library itself needs of every reference.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    /// <summary>The parent of the actor.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>Finds what the references of a system have in common.</summary>
    IActorRefProvider Provider { get; }

    /// <summary>Whether the actor has ended.</summary>
    internal bool HasEnded { get; }

    /// <summary>Sends a message that overtakes the mailbox.</summary>
    internal void SendSystemMessage(SystemMessage message);

    /// <summary>Returns the child of that name, or <see cref="ActorRefs.Nobody"/>.</summary>
    internal IInternalActorRef GetSingleChild(string name);

    /// <summary>Returns the children there are now.</summary>
    internal IReadOnlyList<IInternalActorRef> ListChildren();
}
