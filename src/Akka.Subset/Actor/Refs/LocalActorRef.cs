using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference of an actor in this process.</summary>
internal class LocalActorRef : ActorRefBase, IInternalActorRef
{
    internal LocalActorRef(ActorSystemImpl system, Props props, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, parent);
    }

    public sealed override ActorPath Path { get; }

    public bool IsLocal => true;

    public virtual IInternalActorRef Parent => Cell.ParentRef;

    public IActorRefProvider Provider => Cell.SystemImpl.Provider;

    internal ActorCell Cell { get; }

    bool IInternalActorRef.HasEnded => Cell.IsTerminated;

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Cell.SendSystemMessage(message);

    public virtual IInternalActorRef GetSingleChild(string name) => Cell.FindChild(name);

    IReadOnlyList<IInternalActorRef> IInternalActorRef.ListChildren() => Cell.ListChildren();

    protected sealed override void TellInternal(object message, IActorRef? sender)
    {
        if (message is null)
        {
            throw new InvalidMessageException();
        }

        Cell.SendMessage(message, sender);
    }
}
