namespace Akka.Actor;

/// <summary>An actor with timers. They are there from <c>PreStart</c> on, not in the constructor.</summary>
public interface IWithTimers
{
    /// <summary>The timers.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>Timers by which an actor sends itself messages. They end when it stops or restarts.</summary>
/// <remarks>Starting a timer under a key in use replaces it. A message of a timer that was cancelled or replaced
/// never arrives, even when it was queued by then.</remarks>
public interface ITimerScheduler
{
    /// <summary>The keys in use.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Ends a timer.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();

    /// <summary>Whether a key is in use.</summary>
    bool IsTimerActive(object key);

    /// <summary>Starts a timer that sends its message after each interval.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Starts a timer that sends its message after each interval.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender);

    /// <summary>Starts a timer that sends its message after a delay and then after each interval.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Starts a timer that sends its message after a delay and then after each interval.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender);

    /// <summary>Starts a timer that sends its message once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Starts a timer that sends its message once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender);
}
