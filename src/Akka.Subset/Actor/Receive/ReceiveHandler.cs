using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>A predicate and the handler behind it.</summary>
internal sealed record TestedHandler(Delegate Test, Delegate Handler);

/// <summary>
/// How to call a handler of one kind. It holds no delegate, so that all actors share it; the delegate of the
/// instance is passed in.
/// </summary>
internal abstract class ReceiveHandler(Type messageType)
{
    internal Type MessageType { get; } = messageType;

    /// <summary>Whether no handler can be reached behind this one.</summary>
    internal virtual bool HandlesAll => false;

    /// <summary>Calls the handler; false when it does not want the message.</summary>
    internal abstract bool Handle(ActorCell cell, object handler, object message);

    internal static ReceiveHandler ForAction<T>(Action<T> handler, Predicate<T>? test)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return test is null ? ActionHandler<T>.Instance : TestedActionHandler<T>.Instance;
    }

    internal static ReceiveHandler ForTask<T>(Func<T, Task> handler, Predicate<T>? test)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return test is null ? TaskHandler<T>.Instance : TestedTaskHandler<T>.Instance;
    }
}

internal sealed class ActionHandler<T>() : ReceiveHandler(typeof(T))
{
    internal static readonly ActionHandler<T> Instance = new();

    internal override bool HandlesAll => typeof(T) == typeof(object);

    internal override bool Handle(ActorCell cell, object handler, object message)
    {
        ((Action<T>)handler)((T)message);
        return true;
    }
}

internal sealed class TestedActionHandler<T>() : ReceiveHandler(typeof(T))
{
    internal static readonly TestedActionHandler<T> Instance = new();

    internal override bool Handle(ActorCell cell, object handler, object message)
    {
        var tested = (TestedHandler)handler;
        var typed = (T)message;
        if (!((Predicate<T>)tested.Test)(typed))
        {
            return false;
        }

        ((Action<T>)tested.Handler)(typed);
        return true;
    }
}

internal sealed class FuncHandler<T>() : ReceiveHandler(typeof(T))
{
    internal static readonly FuncHandler<T> Instance = new();

    internal override bool Handle(ActorCell cell, object handler, object message) =>
        ((Func<T, bool>)handler)((T)message);
}

internal sealed class TaskHandler<T>() : ReceiveHandler(typeof(T))
{
    internal static readonly TaskHandler<T> Instance = new();

    internal override bool HandlesAll => typeof(T) == typeof(object);

    internal override bool Handle(ActorCell cell, object handler, object message)
    {
        cell.RunAsync((Func<T, Task>)handler, (T)message);
        return true;
    }
}

internal sealed class TestedTaskHandler<T>() : ReceiveHandler(typeof(T))
{
    internal static readonly TestedTaskHandler<T> Instance = new();

    internal override bool Handle(ActorCell cell, object handler, object message)
    {
        var tested = (TestedHandler)handler;
        var typed = (T)message;
        if (!((Predicate<T>)tested.Test)(typed))
        {
            return false;
        }

        cell.RunAsync((Func<T, Task>)tested.Handler, typed);
        return true;
    }
}

/// <summary>A handler whose message type is known at run time only.</summary>
internal sealed class TypedHandler(Type messageType) : ReceiveHandler(messageType)
{
    private static readonly ConcurrentDictionary<(Type Message, Type Delegate), TypedHandler> Known = new();

    internal static TypedHandler For(Type messageType, Type delegateType) =>
        Known.GetOrAdd((messageType, delegateType), static key => new TypedHandler(key.Message));

    internal override bool Handle(ActorCell cell, object handler, object message)
    {
        if (handler is TestedHandler tested)
        {
            if (!((Predicate<object>)tested.Test)(message))
            {
                return false;
            }

            handler = tested.Handler;
        }

        switch (handler)
        {
            case Action<object> action:
                action(message);
                return true;
            case Func<object, Task> run:
                cell.RunAsync(run, message);
                return true;
            default:
                return ((Func<object, bool>)handler)(message);
        }
    }
}
