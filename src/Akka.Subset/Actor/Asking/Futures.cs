namespace Akka.Actor;

/// <summary>Asks: sends a message and returns the answer as a task.</summary>
public static class Futures
{
    /// <summary>Asks; waits for ever unless a timeout is given or configured.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks.</summary>
    public static Task<object> Ask(
        this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks; waits for ever unless a timeout is given or configured.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks until cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks.</summary>
    /// <exception cref="AskTimeoutException">No answer came in time.</exception>
    /// <exception cref="ArgumentException">The answer is of another type.</exception>
    public static Task<T> Ask<T>(
        this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var future = Open<T>(self, timeout, cancellationToken);
        if (!future.Task.IsCompleted)
        {
            self.Tell(message, future);
        }

        return future.Task;
    }

    /// <summary>Asks with a message that carries the reference to answer to.</summary>
    /// <exception cref="AskTimeoutException">No answer came in time.</exception>
    /// <exception cref="ArgumentException">The answer is of another type.</exception>
    public static Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messageFactory);
        var future = Open<T>(self, timeout, cancellationToken);
        if (!future.Task.IsCompleted)
        {
            self.Tell(messageFactory(future), future);
        }

        return future.Task;
    }

    internal static LocalActorRefProvider ProviderOf(ICanTell target)
    {
        var provider = target switch
        {
            ActorSelection { Anchor: IInternalActorRef anchor } => anchor.Provider,
            IInternalActorRef and not Nobody => ((IInternalActorRef)target).Provider,
            _ => ActorCell.Current?.SystemImpl.Provider,
        };
        return provider as LocalActorRefProvider ?? throw new ArgumentException(
            $"Unsupported recipient type, cannot resolve its system: {target?.GetType().FullName}", nameof(target));
    }

    private static FutureActorRef<T> Open<T>(ICanTell target, TimeSpan? timeout, CancellationToken token)
    {
        var provider = ProviderOf(target);
        var future = new FutureActorRef<T>(provider);
        future.Arm(timeout ?? provider.Settings.AskTimeout, token);
        return future;
    }
}
