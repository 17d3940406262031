using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Stops an actor and waits for its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Lets the actor work off its mailbox and stop; true when it has ended.</summary>
    /// <exception cref="TaskCanceledException">It did not end in time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends the actor a message at which it stops; true when it has ended.</summary>
    /// <exception cref="TaskCanceledException">It did not end in time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watchee = (IInternalActorRef)target;
        if (watchee.HasEnded)
        {
            return true;
        }

        var future = new FutureActorRef<Terminated>(Futures.ProviderOf(target));
        watchee.SendSystemMessage(new Watch(watchee, future));
        target.Tell(stopMessage, ActorRefs.NoSender);
        future.Arm(timeout, CancellationToken.None);
        try
        {
            return (await future.Task.ConfigureAwait(false)).ActorRef.Path == target.Path;
        }
        catch (AskTimeoutException e)
        {
            watchee.SendSystemMessage(new Unwatch(watchee, future));
            throw new TaskCanceledException($"[{target}] did not stop within {timeout}", e);
        }
    }
}

/// <summary>Waits for the end of an actor.</summary>
public static class WatchAsyncSupport
{
    /// <summary>Returns true when the actor has ended, false when cancelled before.</summary>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        var watchee = (IInternalActorRef)target;
        var future = new FutureActorRef<Terminated>(Futures.ProviderOf(target));
        watchee.SendSystemMessage(new Watch(watchee, future));
        future.Arm(Timeout.InfiniteTimeSpan, token);
        try
        {
            await future.Task.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            watchee.SendSystemMessage(new Unwatch(watchee, future));
            return false;
        }
    }
}
