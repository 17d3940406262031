using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Akka.Actor;

/// <summary>Makes the instances of an actor.</summary>
internal abstract class ActorProducer(Type actorType, object[] arguments)
{
    internal static readonly ActorProducer Nothing = new UnsetProducer();

    internal Type ActorType { get; } = actorType;

    internal object[] Arguments { get; } = arguments;

    internal abstract ActorBase Produce();

    internal virtual void Release(ActorBase actor) => (actor as IDisposable)?.Dispose();

    internal static ActorProducer For(Type type, object[]? arguments)
    {
        ArgumentNullException.ThrowIfNull(type);
        return typeof(ActorBase).IsAssignableFrom(type)
            ? new LateBoundProducer(type, arguments ?? [])
            : throw new ArgumentException($"{type} is not an actor", nameof(type));
    }

    internal static ActorProducer For(LambdaExpression factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (factory.Body is not NewExpression { Constructor: { } constructor } creation)
        {
            throw new ArgumentException(
                "The factory must be an expression of the form () => new T(arguments)", nameof(factory));
        }

        var arguments = new object[creation.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Evaluate(creation.Arguments[i])!;
        }

        return constructor.IsPublic
            ? new ConstructorProducer(constructor, arguments)
            : new LateBoundProducer(constructor.DeclaringType!, arguments);
    }

    internal static ActorProducer For(IIndirectActorProducer producer, object[] arguments) =>
        new IndirectProducer(producer, arguments);

    /// <summary>Evaluates an argument; the usual forms, constants and captured variables, without compiling.</summary>
    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field, Expression: var owner } =>
            field.GetValue(owner is null ? null : Evaluate(owner)),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object)))
            .Compile(preferInterpretation: true)(),
    };

    private sealed class UnsetProducer() : ActorProducer(typeof(ActorBase), [])
    {
        internal override ActorBase Produce() =>
            throw new InvalidOperationException("No actor producer specified!");
    }

    private sealed class ConstructorProducer(ConstructorInfo constructor, object[] arguments)
        : ActorProducer(constructor.DeclaringType!, arguments)
    {
        private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();

        private readonly ConstructorInvoker _invoker = Invokers.GetOrAdd(constructor, ConstructorInvoker.Create);

        internal override ActorBase Produce() => (ActorBase)_invoker.Invoke(new Span<object?>(Arguments));
    }

    /// <summary>Finds a constructor when an actor is made. A public one: Akka.NET sees no other.</summary>
    private sealed class LateBoundProducer(Type type, object[] arguments) : ActorProducer(type, arguments)
    {
        internal override ActorBase Produce()
        {
            const BindingFlags flags = BindingFlags.Instance | BindingFlags.Public
                | BindingFlags.DoNotWrapExceptions | BindingFlags.CreateInstance;
            try
            {
                return (ActorBase)Activator.CreateInstance(ActorType, flags, null, Arguments, null)!;
            }
            catch (TargetInvocationException e) when (e.InnerException is { } inner)
            {
                ExceptionDispatchInfo.Throw(inner);
                throw;
            }
        }
    }

    private sealed class IndirectProducer(IIndirectActorProducer producer, object[] arguments)
        : ActorProducer(producer.ActorType, arguments)
    {
        internal override ActorBase Produce() => producer.Produce();

        internal override void Release(ActorBase actor) => producer.Release(actor);
    }
}
