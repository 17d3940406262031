using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Base of references with no actor behind them.</summary>
public abstract class MinimalActorRef : ActorRefBase, IInternalActorRef
{
    /// <summary>Creates the reference.</summary>
    protected MinimalActorRef()
    {
    }

    /// <inheritdoc/>
    public bool IsLocal => true;

    /// <inheritdoc/>
    public virtual IInternalActorRef Parent => ActorRefs.Nobody;

    /// <inheritdoc/>
    public abstract IActorRefProvider Provider { get; }

    bool IInternalActorRef.HasEnded => HasEndedCore;

    private protected virtual bool HasEndedCore => false;

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef? sender)
    {
    }

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => ReceiveSystemMessage(message);

    IInternalActorRef IInternalActorRef.GetSingleChild(string name) => FindChild(name);

    IReadOnlyList<IInternalActorRef> IInternalActorRef.ListChildren() => [];

    private protected virtual void ReceiveSystemMessage(SystemMessage message)
    {
    }

    private protected virtual IInternalActorRef FindChild(string name) => ActorRefs.Nobody;
}

/// <summary>The reference of an actor that does not exist.</summary>
public sealed class Nobody : MinimalActorRef
{
    private Nobody()
    {
    }

    /// <summary>The only instance.</summary>
    public static readonly Nobody Instance = new();

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems"), "/Nobody");

    /// <inheritdoc/>
    public override IActorRefProvider Provider =>
        throw new NotSupportedException("Nobody belongs to no actor system");

    /// <inheritdoc/>
    public override ISurrogate ToSurrogate(ActorSystem system) => new NobodySurrogate();

    /// <summary>The serializable form of <see cref="Nobody"/>.</summary>
    public class NobodySurrogate : ISurrogate
    {
        /// <inheritdoc/>
        public ISurrogated FromSurrogate(ActorSystem system) => Instance;
    }
}
