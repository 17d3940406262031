using System.Diagnostics.CodeAnalysis;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What an actor does about failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops what cannot start, was killed or broke a death pact; restarts everything else.</summary>
    [SuppressMessage("Usage", "CA2211", Justification = "The field is Akka.NET's API.")]
    public static IDecider DefaultDecider = Actor.Decider.From(
        Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    /// <summary>One for one, with <see cref="DefaultDecider"/> and no limit of restarts.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops the child that failed.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    // A strategy of a user's own would have members to define that are not here.
    private protected SupervisorStrategy()
    {
    }

    /// <summary>Chooses what to do.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are logged.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>Chooses what to do about a failure of a child.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Reports a failure and what is done about it.</summary>
    protected virtual void LogFailure(
        IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
        {
            return;
        }

        var message = cause is ActorInitializationException { InnerException: { } inner }
            ? inner.Message
            : cause.Message;
        var source = child.Path.ToString();
        LogEvent logEvent = directive == Directive.Resume
            ? new Warning(cause, source, GetType(), message)
            : new Error(cause, source, GetType(), message);
        ((ActorCell)context).SystemImpl.EventStream.PublishLog(logEvent);
    }

    /// <summary>Applies the decision; false when the failure is to be escalated.</summary>
    internal bool HandleFailure(
        ActorCell context, LocalActorRef child, Exception cause, IReadOnlyList<LocalActorRef> children)
    {
        var directive = Handle(child, cause);
        LogFailure(context, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.Cell.SendSystemMessage(new Resume(cause));
                return true;
            case Directive.Restart:
                ProcessFailure(context, restart: true, child, cause, children);
                return true;
            case Directive.Stop:
                ProcessFailure(context, restart: false, child, cause, children);
                return true;
            default:
                return false;
        }
    }

    internal abstract void ProcessFailure(
        ActorCell context, bool restart, LocalActorRef child, Exception cause,
        IReadOnlyList<LocalActorRef> children);

    private protected static void RestartChild(LocalActorRef child, Exception cause, bool suspendFirst)
    {
        if (suspendFirst)
        {
            child.Cell.SendSystemMessage(new Suspend());
        }

        child.Cell.SendSystemMessage(new Recreate(cause));
    }

    private protected static TimeSpan Window(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private protected static int Milliseconds(TimeSpan? window) =>
        window is { } value && value != Timeout.InfiniteTimeSpan
            ? (int)Math.Min(int.MaxValue, value.TotalMilliseconds)
            : -1;
}
