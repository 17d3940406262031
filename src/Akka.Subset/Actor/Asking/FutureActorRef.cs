using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A reference that turns the first message it gets into the result of a task.</summary>
internal sealed class FutureActorRef<T>(LocalActorRefProvider provider) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath? _path;
    private ICancelable? _timer;
    private CancellationTokenRegistration _registration;

    // Most are never asked for their path.
    public override ActorPath Path
    {
        get
        {
            if (_path is null)
            {
                Interlocked.CompareExchange(ref _path, provider.NewTempPath(), null);
            }

            return _path;
        }
    }

    public override IActorRefProvider Provider => provider;

    public override IInternalActorRef Parent => provider.RootGuardian;

    internal Task<T> Task => _result.Task;

    private protected override bool HasEndedCore => _result.Task.IsCompleted;

    /// <summary>Ends the task when it takes too long or is cancelled.</summary>
    internal void Arm(TimeSpan timeout, CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            _registration = token.UnsafeRegister(
                static (self, cancelled) => ((FutureActorRef<T>)self!).TryCancel(cancelled), this);
        }

        if (timeout != Timeout.InfiniteTimeSpan && timeout != TimeSpan.MaxValue && !_result.Task.IsCompleted)
        {
            StartTimer(timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout);
        }
    }

    private void StartTimer(TimeSpan timeout)
    {
        try
        {
            _timer = provider.SystemImpl.Scheduler.Advanced.ScheduleOnceCancelable(
                timeout, () => Fail(new AskTimeoutException($"No answer within {timeout}")));
        }
        catch (SchedulerException e)
        {
            // The system has ended: there is nobody left to answer.
            Fail(e);
        }

        if (_result.Task.IsCompleted)
        {
            _timer?.Cancel();
        }
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var handled = message switch
        {
            Status.Failure failure when !typeof(Status).IsAssignableFrom(typeof(T)) => Fail(
                failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            T result => Succeed(result),
            null => Succeed(default!),
            _ => Fail(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (!handled && !_result.Task.IsCanceled)
        {
            provider.DeadLetters.Tell(
                new DeadLetter(message!, sender ?? provider.DeadLetters, this), ActorRefs.NoSender);
        }
    }

    private protected override void ReceiveSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification end:
                Tell(new Terminated(end.Actor, end.ExistenceConfirmed, end.AddressTerminated), this);
                break;
            case Watch watch when _result.Task.IsCompleted:
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, false, false));
                break;
        }
    }

    private bool Succeed(T result) => Ended(_result.TrySetResult(result));

    private bool Fail(Exception cause) => Ended(_result.TrySetException(cause));

    private void TryCancel(CancellationToken token) => Ended(_result.TrySetCanceled(token));

    private bool Ended(bool now)
    {
        if (now)
        {
            _timer?.Cancel();
            _registration.Unregister();
        }

        return now;
    }
}
