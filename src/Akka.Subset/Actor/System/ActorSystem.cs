using System.Diagnostics;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share: scheduler, events, dead letters, settings.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();

    private protected ActorSystem()
    {
    }

    /// <summary>Gets messages that reach no actor.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Where events are published.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Takes messages and does nothing with them.</summary>
    public abstract IActorRef IgnoreRef { get; }

    /// <summary>The system's own log.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>The system's name.</summary>
    public abstract string Name { get; }

    /// <summary>The scheduler.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The serializers.</summary>
    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>The settings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>Ends when the system has ended.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>When the system was started, on the machine's monotonic clock.</summary>
    public TimeSpan StartTime => Stopwatch.GetElapsedTime(0, _started);

    /// <summary>How long the system has been running.</summary>
    public TimeSpan Uptime => Stopwatch.GetElapsedTime(_started);

    /// <summary>Creates a system with the default configuration.</summary>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>Creates a system.</summary>
    public static ActorSystem Create(string name, Config config) =>
        Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>Creates a system.</summary>
    public static ActorSystem Create(string name, BootstrapSetup setup) =>
        Create(name, ActorSystemSetup.Create(setup));

    /// <summary>Creates a system.</summary>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Returns an extension, or null when it was not registered.</summary>
    public abstract object? GetExtension(IExtensionId extensionId);

    /// <summary>Returns an extension, or null when it was not registered.</summary>
    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    /// <summary>Whether an extension was registered.</summary>
    public abstract bool HasExtension(Type type);

    /// <summary>Whether an extension was registered.</summary>
    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    /// <summary>Creates an extension, or returns the one there is.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>Calls <paramref name="code"/> when the system has ended; the last one registered comes first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Stops an actor and all below it.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Ends the system by a coordinated shutdown; the task ends when it has ended.</summary>
    public abstract Task Terminate();

    /// <summary>Returns an extension, if it was registered.</summary>
    public abstract bool TryGetExtension(Type extensionType, out object? extension);

    /// <summary>Returns an extension, if it was registered.</summary>
    public abstract bool TryGetExtension<T>(out T? extension)
        where T : class, IExtension;

    /// <summary>Ends the system without waiting.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What the library's own parts need of a system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    /// <summary>The parent of all actors of users.</summary>
    public abstract IInternalActorRef Guardian { get; }

    /// <summary>The root of all actors.</summary>
    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>Finds what the references of the system have in common.</summary>
    public abstract IActorRefProvider Provider { get; }

    /// <summary>The parent of the actors of the library.</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Stops everything at once, without a coordinated shutdown.</summary>
    public abstract void Abort();

    /// <summary>Returns the tree of actors as text.</summary>
    public abstract string PrintTree();

    /// <summary>Creates an actor of the library.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Creates an actor of the library.</summary>
    public abstract IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new();
}
