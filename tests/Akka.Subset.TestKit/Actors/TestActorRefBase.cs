using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>
/// The reference of an actor that runs on the thread of whoever sends to it: when <c>Tell</c> returns, the message
/// has been handled. The actor itself can be looked at.
/// </summary>
/// <typeparam name="TActor">Class of the actor.</typeparam>
[SuppressMessage("Design", "CA1036", Justification = "The operators are Akka.NET's API.")]
public abstract class TestActorRefBase<TActor> : IInternalActorRef
    where TActor : ActorBase
{
    private readonly LocalActorRef _actor;

    /// <summary>Creates the actor, at the top level unless a supervisor is given.</summary>
    protected TestActorRefBase(
        ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        var parent = supervisor ?? ((ExtendedActorSystem)system).Guardian;
        if (parent is not LocalActorRef local)
        {
            throw new ArgumentException($"{parent} cannot supervise an actor of this process", nameof(supervisor));
        }

        _actor = local.Cell.MakeChild(actorProps.OnCallersThread(), name, isUserName: true);
    }

    /// <summary>The reference of the actor.</summary>
    public IActorRef Ref => _actor;

    /// <summary>The path of the actor.</summary>
    public ActorPath Path => _actor.Path;

    /// <summary>The actor; after a restart another one.</summary>
    /// <exception cref="IllegalActorStateException">The actor has ended or could not be created.</exception>
    public TActor UnderlyingActor => _actor.Cell.Actor as TActor ?? throw NoActor();

    bool IActorRefScope.IsLocal => true;

    IInternalActorRef IInternalActorRef.Parent => _actor.Parent;

    IActorRefProvider IInternalActorRef.Provider => _actor.Provider;

    bool IInternalActorRef.HasEnded => Inner.HasEnded;

    private IInternalActorRef Inner => _actor;

    /// <summary>Whether both stand for the same actor.</summary>
    public static bool operator ==(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) =>
        testActorRef is null ? actorRef is null : testActorRef.Equals(actorRef);

    /// <summary>Whether they stand for different actors.</summary>
    public static bool operator !=(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) =>
        !(testActorRef == actorRef);

    /// <summary>Whether both stand for the same actor.</summary>
    public static bool operator ==(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) =>
        testActorRef == actorRef;

    /// <summary>Whether they stand for different actors.</summary>
    public static bool operator !=(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) =>
        !(testActorRef == actorRef);

    /// <summary>Has the actor handle a message now; its failure is thrown here and not its supervisor's.</summary>
    public void Receive(object message, IActorRef? sender = null)
    {
        _ = UnderlyingActor;
        _actor.Cell.Receive(message, sender);
    }

    /// <summary>Sends a message; the sender is the test actor, or the running actor.</summary>
    public void Tell(object message) => ActorRefImplicitSenderExtensions.Tell(_actor, message);

    /// <summary>Sends a message.</summary>
    public void Tell(object message, IActorRef? sender) => _actor.Tell(message, sender);

    /// <summary>Sends a message on behalf of the sender of the message that is being handled.</summary>
    public void Forward(object message) => ActorRefImplicitSenderExtensions.Forward(_actor, message);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) => _actor.Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => _actor.Equals(obj);

    /// <inheritdoc/>
    public override int GetHashCode() => _actor.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(object? obj) => _actor.CompareTo(obj);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => _actor.CompareTo(other);

    /// <inheritdoc/>
    public override string ToString() => _actor.ToString();

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => _actor.ToSurrogate(system);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Inner.SendSystemMessage(message);

    IInternalActorRef IInternalActorRef.GetSingleChild(string name) => _actor.GetSingleChild(name);

    IReadOnlyList<IInternalActorRef> IInternalActorRef.ListChildren() => Inner.ListChildren();

    private IllegalActorStateException NoActor() => new($"There is no actor of type {typeof(TActor)} behind {_actor}");
}
