using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace Akka.Actor;

/// <summary>The recipe for an actor: its class, its constructor's arguments, its supervision.</summary>
[SuppressMessage("Design", "CA1000", Justification = "The factory methods are Akka.NET's API.")]
public class Props : IEquatable<Props>
{
    /// <summary>A recipe for nothing.</summary>
    public static readonly Props None = new TerminatedProps();

    private readonly ActorProducer _producer;

    /// <summary>Creates a recipe for a class whose constructor has no parameters.</summary>
    public Props(Type type)
        : this(type, [])
    {
    }

    /// <summary>Creates a recipe for a class and arguments of its constructor.</summary>
    public Props(Type type, object[] args)
        : this(ActorProducer.For(type, args), null, Deploy.NoStashSize)
    {
    }

    /// <summary>Creates a recipe with its own supervision of the actor's children.</summary>
    public Props(Type type, SupervisorStrategy? supervisorStrategy, params object[] args)
        : this(ActorProducer.For(type, args), supervisorStrategy, Deploy.NoStashSize)
    {
    }

    /// <summary>Creates an empty recipe.</summary>
    protected Props()
        : this(ActorProducer.Nothing, null, Deploy.NoStashSize)
    {
    }

    /// <summary>Creates a copy.</summary>
    protected Props(Props copy)
        : this(copy._producer, copy.SupervisorStrategy, copy.StashCapacity)
    {
        RunsOnCallersThread = copy.RunsOnCallersThread;
    }

    private Props(ActorProducer producer, SupervisorStrategy? supervisorStrategy, int stashCapacity)
    {
        _producer = producer;
        SupervisorStrategy = supervisorStrategy;
        StashCapacity = stashCapacity;
    }

    /// <summary>A recipe for an actor that handles nothing.</summary>
    public static Props Empty { get; } = Create<EmptyActor>();

    /// <summary>The arguments of the constructor.</summary>
    public object[] Arguments => _producer.Arguments;

    /// <summary>How the actor supervises its children; null leaves it to the actor's class.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; protected set; }

    /// <summary>The actor's class.</summary>
    public Type Type => _producer.ActorType;

    /// <summary>The full name of the actor's class.</summary>
    public string TypeName => Type.AssemblyQualifiedName!;

    internal int StashCapacity { get; private init; }

    /// <summary>Whether the actor's turns run on the threads of those who send to it.</summary>
    internal bool RunsOnCallersThread { get; private set; }

    /// <summary>Creates a recipe from an expression of the form <c>() =&gt; new T(arguments)</c>.</summary>
    /// <remarks>The arguments are evaluated once, now, and passed to every instance.</remarks>
    public static Props Create<TActor>(
        Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase =>
        new(ActorProducer.For(factory), supervisorStrategy, Deploy.NoStashSize);

    /// <summary>Creates a recipe for a class and arguments of its constructor.</summary>
    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase =>
        new(typeof(TActor), args);

    /// <summary>Creates a recipe with its own supervision of the actor's children.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() =>
        new(typeof(TActor), supervisorStrategy);

    /// <summary>Creates a recipe for a class and arguments of its constructor.</summary>
    public static Props Create(Type type, params object[] args) => new(type, args);

    /// <summary>Creates a recipe that leaves making the actor to <paramref name="producer"/>.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) =>
        new(ActorProducer.For(producer, args), null, Deploy.NoStashSize);

    /// <summary>Returns a copy with another supervision of the actor's children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy)
    {
        var copy = Copy();
        copy.SupervisorStrategy = supervisorStrategy;
        return copy;
    }

    /// <summary>Returns a copy whose actor may stash at most that many messages.</summary>
    public Props WithStashCapacity(int stashCapacity) =>
        new(_producer, SupervisorStrategy, stashCapacity) { RunsOnCallersThread = RunsOnCallersThread };

    /// <summary>Makes an instance; only a cell can do that.</summary>
    public virtual ActorBase NewActor() => _producer.Produce();

    /// <summary>Returns a copy.</summary>
    protected virtual Props Copy() => new(this);

    /// <inheritdoc/>
    public bool Equals(Props? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Type == other.Type && StashCapacity == other.StashCapacity
            && Equals(SupervisorStrategy, other.SupervisorStrategy) && Arguments.SequenceEqual(other.Arguments));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Arguments.Length);

    /// <summary>Returns a copy whose actor runs on the threads of those who send to it.</summary>
    internal Props OnCallersThread()
    {
        var copy = Copy();
        copy.RunsOnCallersThread = true;
        return copy;
    }

    internal void Release(ActorBase actor) => _producer.Release(actor);

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}

/// <summary>The recipe of an actor that has ended.</summary>
public class TerminatedProps : Props
{
    /// <inheritdoc/>
    public override ActorBase NewActor() =>
        throw new InvalidOperationException("This actor has been terminated");
}

/// <summary>Makes actors for <see cref="Props.CreateBy"/>.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The class of the actors.</summary>
    Type ActorType { get; }

    /// <summary>Makes an actor.</summary>
    ActorBase Produce();

    /// <summary>Lets go of an actor that is no longer used.</summary>
    void Release(ActorBase actor);
}

/// <summary>Values that say an option is left to its default.</summary>
public class Deploy
{
    /// <summary>The stash is not bounded.</summary>
    public const int NoStashSize = -1;
}
