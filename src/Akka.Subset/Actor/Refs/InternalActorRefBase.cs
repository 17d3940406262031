using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Base of the references that the library itself makes.</summary>
public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    private protected InternalActorRefBase()
    {
    }

    /// <inheritdoc/>
    public abstract bool IsLocal { get; }

    /// <inheritdoc/>
    public abstract IInternalActorRef Parent { get; }

    /// <inheritdoc/>
    public abstract IActorRefProvider Provider { get; }

    bool IInternalActorRef.HasEnded => HasEndedCore;

    private protected virtual bool HasEndedCore => false;

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => ReceiveSystemMessage(message);

    IInternalActorRef IInternalActorRef.GetSingleChild(string name) => FindChild(name);

    IReadOnlyList<IInternalActorRef> IInternalActorRef.ListChildren() => [];

    private protected virtual void ReceiveSystemMessage(SystemMessage message)
    {
    }

    private protected virtual IInternalActorRef FindChild(string name) => ActorRefs.Nobody;
}
