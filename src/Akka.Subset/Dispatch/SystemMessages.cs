using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>A message between cells. It overtakes the mailbox and reaches a suspended actor too.</summary>
internal abstract class SystemMessage
{
    /// <summary>The message pushed before this one, while both wait in a cell.</summary>
    internal SystemMessage? Next;
}

/// <summary>Creates the first instance of the actor.</summary>
internal sealed class Create : SystemMessage;

/// <summary>Stops the actor.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>Suspends the actor and its children until their supervisor has decided.</summary>
internal sealed class Suspend : SystemMessage;

/// <summary>Lets a suspended actor go on; the cause is set when its own failure is forgiven.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    internal Exception? CausedByFailure { get; } = causedByFailure;
}

/// <summary>Restarts the actor.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    internal Exception Cause { get; } = cause;
}

/// <summary>Tells the parent that a child failed and is suspended.</summary>
internal sealed class Failed(LocalActorRef child, Exception cause) : SystemMessage
{
    internal LocalActorRef Child { get; } = child;

    internal Exception Cause { get; } = cause;
}

/// <summary>Makes <paramref name="watcher"/> a watcher of <paramref name="watchee"/>.</summary>
internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    internal IInternalActorRef Watchee { get; } = watchee;

    internal IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>Undoes <see cref="Watch"/>.</summary>
internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    internal IInternalActorRef Watchee { get; } = watchee;

    internal IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>Tells a watcher, and always the parent, that an actor has ended.</summary>
internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    : SystemMessage
{
    internal IActorRef Actor { get; } = actor;

    internal bool ExistenceConfirmed { get; } = existenceConfirmed;

    internal bool AddressTerminated { get; } = addressTerminated;
}

/// <summary>Runs the rest of an asynchronous handler inside the actor.</summary>
internal sealed class Continuation(SendOrPostCallback callback, object? state) : SystemMessage
{
    internal void Run() => callback(state);
}

/// <summary>The task of an asynchronous handler has ended.</summary>
internal sealed class TaskEnded(Task task) : SystemMessage
{
    internal Task Task { get; } = task;
}
