using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>What is logged of how a pool is used.</summary>
internal static partial class Log
{
    [LoggerMessage(2790, LogLevel.Error, "Service {Service}: less than {Threshold} % of its enabled weight is up (panic-threshold): all its enabled backends are used whatever their checks say, until more are up.")]
    public static partial void PanicBegins(this ILogger log, string service, double threshold);

    [LoggerMessage(2791, LogLevel.Warning, "Service {Service}: none of its backends is up but last-resort ones (backup): those take its new flows until another is up.")]
    public static partial void BackupsUsed(this ILogger log, string service);

    [LoggerMessage(2792, LogLevel.Information, "Service {Service} uses its pool as usual again: those of its backends that are up.")]
    public static partial void PoolAsUsual(this ILogger log, string service);

    [LoggerMessage(2793, LogLevel.Warning, "Service {Service}: the time of backend {Backend} to drain is over (drain.deadline): the flows that it has left are ended, {Flows} of them tracked; what they send from now on goes to another backend, which resets TCP.")]
    public static partial void DrainEnded(this ILogger log, string service, string backend, int flows);

    [LoggerMessage(2795, LogLevel.Information, "Backend {Backend} of {Service} comes up slowly: it gets its weight in {Steps} steps, in {Seconds} s (slow-start).")]
    public static partial void BackendStartsSlowly(this ILogger log, string service, string backend, int steps, double seconds);

    [LoggerMessage(2796, LogLevel.Information, "Backend {Backend} of {Service} has its whole weight (slow-start).")]
    public static partial void BackendHasStarted(this ILogger log, string service, string backend);

    [LoggerMessage(2794, LogLevel.Warning, "Service {Service}: the time of backend {Backend} to drain is over (drain.deadline), and it has {Flows} tracked flows left: they go on (drain.then = keep).")]
    public static partial void DrainKept(this ILogger log, string service, string backend, int flows);
}
