using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// A persistent actor that declares a handler for each type of command and of event; the first that matches is called.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private ReceiveBuilder? _commandBuilder = new();
    private ReceiveBuilder? _recoverBuilder = new();
    private ReceiveTable _commands = ReceiveTable.Empty;
    private ReceiveTable _recovers = ReceiveTable.Empty;

    /// <summary>Creates the actor; its constructor declares the handlers.</summary>
    protected ReceivePersistentActor()
    {
    }

    private ReceiveBuilder Commands => _commandBuilder ?? throw new InvalidOperationException(
        "Command handlers can be declared in the constructor, in Become and in BecomeStacked only");

    private ReceiveBuilder Recovers => _recoverBuilder ?? throw new InvalidOperationException(
        "Recover handlers can be declared in the constructor only");

    /// <inheritdoc/>
    protected sealed override void OnCommand(object message)
    {
        if (!_commands.Handle(Cell, message))
        {
            Unhandled(message);
        }
    }

    /// <inheritdoc/>
    protected sealed override void OnRecover(object message)
    {
        if (!_recovers.Handle(Cell, message))
        {
            Unhandled(message);
        }
    }

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Cell.Become(Configure(configure));

    /// <summary>Puts the handlers that <paramref name="configure"/> declares on top of the present behaviour.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Configure(configure));

    /// <summary>Declares a handler for commands of <typeparamref name="T"/> that pass the test.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(ReceiveHandler.ForAction(handler, shouldHandle), Pair(handler, shouldHandle));

    /// <summary>Declares a handler for commands of <typeparamref name="T"/> that pass the test.</summary>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Declares a handler that returns false for commands it leaves to the next one.</summary>
    protected void Command<T>(Func<T, bool> handler) => Commands.Add(FuncHandler<T>.Instance, handler);

    /// <summary>Declares a handler for commands of a type that pass the test.</summary>
    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(TypedHandler.For(messageType, typeof(Action<object>)), Pair(handler, shouldHandle));

    /// <summary>Declares a handler for commands of a type that pass the test.</summary>
    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Command(messageType, handler, shouldHandle);

    /// <summary>Declares a handler that returns false for commands it leaves to the next one.</summary>
    protected void Command(Type messageType, Func<object, bool> handler) =>
        Commands.Add(TypedHandler.For(messageType, typeof(Func<object, bool>)), handler);

    /// <summary>Declares a handler for all commands that reach it; none can follow.</summary>
    protected void Command(Action<object> handler) => CommandAny(handler);

    /// <summary>Declares a handler for all commands that reach it; none can follow.</summary>
    protected void CommandAny(Action<object> handler) => Commands.Add(ActionHandler<object>.Instance, handler);

    /// <summary>Declares an asynchronous handler; the next message is handled when its task has ended.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Commands.Add(ReceiveHandler.ForTask(handler, shouldHandle), Pair(handler, shouldHandle));

    /// <summary>Declares an asynchronous handler; the next message is handled when its task has ended.</summary>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        CommandAsync(handler, shouldHandle);

    /// <summary>Declares an asynchronous handler for commands of a type that pass the test.</summary>
    protected void CommandAsync(
        Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(TypedHandler.For(messageType, typeof(Func<object, Task>)), Pair(handler, shouldHandle));

    /// <summary>Declares an asynchronous handler for commands of a type that pass the test.</summary>
    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        CommandAsync(messageType, handler, shouldHandle);

    /// <summary>Declares an asynchronous handler for all commands that reach it; none can follow.</summary>
    protected void CommandAnyAsync(Func<object, Task> handler) =>
        Commands.Add(TaskHandler<object>.Instance, handler);

    /// <summary>Declares a handler for events of <typeparamref name="T"/> that pass the test.</summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Recovers.Add(ReceiveHandler.ForAction(handler, shouldHandle), Pair(handler, shouldHandle));

    /// <summary>Declares a handler for events of <typeparamref name="T"/> that pass the test.</summary>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Declares a handler that returns false for events it leaves to the next one.</summary>
    protected void Recover<T>(Func<T, bool> handler) => Recovers.Add(FuncHandler<T>.Instance, handler);

    /// <summary>Declares a handler for events of a type that pass the test.</summary>
    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Recovers.Add(TypedHandler.For(messageType, typeof(Action<object>)), Pair(handler, shouldHandle));

    /// <summary>Declares a handler for events of a type that pass the test.</summary>
    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recover(messageType, handler, shouldHandle);

    /// <summary>Declares a handler that returns false for events it leaves to the next one.</summary>
    protected void Recover(Type messageType, Func<object, bool> handler) =>
        Recovers.Add(TypedHandler.For(messageType, typeof(Func<object, bool>)), handler);

    /// <summary>Declares a handler for all events that reach it; none can follow.</summary>
    protected void RecoverAny(Action<object> handler) => Recovers.Add(ActionHandler<object>.Instance, handler);

    private protected override void EndConstruction()
    {
        _commands = _commandBuilder!.Build();
        _recovers = _recoverBuilder!.Build();
        _commandBuilder = null;
        _recoverBuilder = null;
    }

    private Receive Configure(Action configure)
    {
        var outer = _commandBuilder;
        _commandBuilder = new ReceiveBuilder();
        try
        {
            configure();
            var table = _commandBuilder.Build();
            return message => table.Handle(Cell, message);
        }
        finally
        {
            _commandBuilder = outer;
        }
    }

    private static object Pair(Delegate handler, Delegate? test)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return test is null ? handler : new TestedHandler(test, handler);
    }
}
