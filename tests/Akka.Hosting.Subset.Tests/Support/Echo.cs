using Akka.Actor;

namespace Akka.Hosting.Subset.Tests.Support;

/// <summary>Answers with what it is sent; also the key of such an actor in the registry.</summary>
public sealed class Echo : ReceiveActor
{
    public Echo() => ReceiveAny(message => Sender.Tell(message));

    public static Props Props { get; } = Props.Create(() => new Echo());
}
