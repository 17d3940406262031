using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A handler that waits for its event to be written.</summary>
/// <param name="stashes">Whether commands wait until it has run.</param>
internal abstract class PendingInvocation(bool stashes)
{
    internal bool Stashes { get; } = stashes;

    internal abstract void Run(ActorCell cell, object written);
}

internal sealed class PendingAction<TEvent>(Action<TEvent> handler, bool stashes) : PendingInvocation(stashes)
{
    internal override void Run(ActorCell cell, object written) => handler((TEvent)written);
}

internal sealed class PendingTask<TEvent>(Func<TEvent, Task> handler, bool stashes) : PendingInvocation(stashes)
{
    internal override void Run(ActorCell cell, object written) => cell.RunAsync(handler, (TEvent)written);
}
