using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>A test actor with expectations of its own. It can be used wherever a reference can.</summary>
[SuppressMessage("Design", "CA1036", Justification = "Akka.NET's probe has no operators.")]
public class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef
{
    /// <summary>Creates a probe.</summary>
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    /// <summary>The reference of the probe.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>The sender of the message received last.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    bool IActorRefScope.IsLocal => Inner.IsLocal;

    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;

    IActorRefProvider IInternalActorRef.Provider => Inner.Provider;

    bool IInternalActorRef.HasEnded => Inner.HasEnded;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    /// <summary>Sends a message in the probe's name.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the message received last.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes on the message received last.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage!);

    /// <summary>Passes on a message in the name of the sender of the message received last.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => TestActor.Equals(obj);

    /// <inheritdoc/>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"TestProbe({TestActor})";

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(other);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => TestActor.ToSurrogate(system);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Inner.SendSystemMessage(message);

    IInternalActorRef IInternalActorRef.GetSingleChild(string name) => Inner.GetSingleChild(name);

    IReadOnlyList<IInternalActorRef> IInternalActorRef.ListChildren() => Inner.ListChildren();
}
