using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Tells the root which actor to outlive.</summary>
internal sealed record SystemGuardianStarted(IActorRef SystemGuardian);

/// <summary>The root of all actors: a guardian that fails is stopped, and the system ends with it.</summary>
internal sealed class RootGuardianActor : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SystemGuardianStarted started:
                Context.Watch(started.SystemGuardian);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}

/// <summary>The parent of the users' actors.</summary>
internal sealed class GuardianActor : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);
}

/// <summary>The parent of the library's actors; it outlives the users' actors.</summary>
internal sealed class SystemGuardianActor : UntypedActor
{
    private readonly IActorRef _userGuardian;

    public SystemGuardianActor(IActorRef userGuardian)
    {
        _userGuardian = userGuardian;
    }

    protected override void PreStart() => Context.Watch(_userGuardian);

    // The library's actors stay while their parent is restarted.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void OnReceive(object message)
    {
        if (message is Terminated)
        {
            Context.Stop(Self);
        }
        else
        {
            Unhandled(message);
        }
    }
}

/// <summary>The reference of the root: its children are the guardians and dead letters.</summary>
internal sealed class RootGuardianRef(
    ActorSystemImpl system, Props props, IInternalActorRef parent, ActorPath path)
    : LocalActorRef(system, props, parent, path)
{
    public override IInternalActorRef Parent => this;

    public override IInternalActorRef GetSingleChild(string name) =>
        name == "deadLetters" ? Cell.SystemImpl.Provider.DeadLettersRef : base.GetSingleChild(name);
}

/// <summary>Stands above the root and sees its end.</summary>
internal sealed class RootSupervisor(LocalActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = provider.RootPath / "_bubble-walker";

    public override IActorRefProvider Provider => provider;

    internal LocalActorRef Root { get; set; } = null!;

    private protected override void ReceiveSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                provider.SystemImpl.Log.Error(failed.Cause, "The root guardian failed: the actor system ends");
                Root.Cell.SendSystemMessage(new Terminate());
                break;
            case DeathWatchNotification:
                provider.SystemImpl.Finish();
                break;
        }
    }
}
