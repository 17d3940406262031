namespace Akka.Actor;

/// <summary>An actor that declares a handler for each type of message; the first that matches is called.</summary>
public abstract class ReceiveActor : UntypedActor
{
    private ReceiveBuilder? _builder;
    private ReceiveTable _table = ReceiveTable.Empty;

    /// <summary>Creates the actor; its constructor declares the handlers of the first behaviour.</summary>
    protected ReceiveActor()
    {
        _builder = new ReceiveBuilder();
    }

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message)
    {
        if (!HandleFirst(message))
        {
            Unhandled(message);
        }
    }

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Cell.Become(Configure(configure));

    /// <summary>Puts the handlers that <paramref name="configure"/> declares on top of the present behaviour.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Configure(configure));

    /// <summary>Declares a handler for messages of <typeparamref name="T"/> that pass the test.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Builder.Add(ReceiveHandler.ForAction(handler, shouldHandle), Pair(handler, shouldHandle));

    /// <summary>Declares a handler for messages of <typeparamref name="T"/> that pass the test.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Declares a handler that returns false for messages it leaves to the next one.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Builder.Add(FuncHandler<T>.Instance, handler);

    /// <summary>Declares a handler for messages of a type that pass the test.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Builder.Add(TypedHandler.For(messageType, typeof(Action<object>)), Pair(handler, shouldHandle));

    /// <summary>Declares a handler for messages of a type that pass the test.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    /// <summary>Declares a handler that returns false for messages it leaves to the next one.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Builder.Add(TypedHandler.For(messageType, typeof(Func<object, bool>)), handler);

    /// <summary>Declares a handler for all messages that reach it; none can follow.</summary>
    protected void ReceiveAny(Action<object> handler) => Builder.Add(ActionHandler<object>.Instance, handler);

    /// <summary>Declares an asynchronous handler; the next message is handled when its task has ended.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Builder.Add(ReceiveHandler.ForTask(handler, shouldHandle), Pair(handler, shouldHandle));

    /// <summary>Declares an asynchronous handler; the next message is handled when its task has ended.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        ReceiveAsync(handler, shouldHandle);

    /// <summary>Declares an asynchronous handler for messages of a type that pass the test.</summary>
    protected void ReceiveAsync(
        Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Builder.Add(TypedHandler.For(messageType, typeof(Func<object, Task>)), Pair(handler, shouldHandle));

    /// <summary>Declares an asynchronous handler for messages of a type that pass the test.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Declares an asynchronous handler for all messages that reach it; none can follow.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        Builder.Add(TaskHandler<object>.Instance, handler);

    private ReceiveBuilder Builder => _builder ?? throw new InvalidOperationException(
        "Handlers can be declared in the constructor, in Become and in BecomeStacked only");

    private protected override void EndConstruction()
    {
        _table = _builder!.Build();
        _builder = null;
    }

    private protected override Receive FirstBehavior() => HandleFirst;

    private bool HandleFirst(object message) => _table.Handle(Cell, message);

    private Receive Configure(Action configure)
    {
        var outer = _builder;
        _builder = new ReceiveBuilder();
        try
        {
            configure();
            var table = _builder.Build();
            return message => table.Handle(Cell, message);
        }
        finally
        {
            _builder = outer;
        }
    }

    private static object Pair(Delegate handler, Delegate? test)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return test is null ? handler : new TestedHandler(test, handler);
    }
}
