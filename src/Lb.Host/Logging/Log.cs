using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>Everything that the process logs: what, which, and what happens next.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "lbd {Version}: site {Site} from {File}, {Services} services.")]
    public static partial void Starting(this ILogger log, string version, string site, string file, int services);

    [LoggerMessage(2, LogLevel.Information, "ready: site {Site}, {Services} services in the kernel, http://{Admin}.")]
    public static partial void Ready(this ILogger log, string site, int services, System.Net.IPEndPoint admin);

    [LoggerMessage(3, LogLevel.Information, "Reload: {File} is read again.")]
    public static partial void Reloading(this ILogger log, string file);

    [LoggerMessage(4, LogLevel.Error, "Reload: {Issue}")]
    public static partial void ReloadError(this ILogger log, string issue);

    [LoggerMessage(5, LogLevel.Warning, "Reload: {Issue}")]
    public static partial void ReloadWarning(this ILogger log, string issue);

    [LoggerMessage(6, LogLevel.Error, "Reload refused: {Errors} errors in {File}. Everything runs on as before.")]
    public static partial void ReloadRefused(this ILogger log, int errors, string file);

    [LoggerMessage(7, LogLevel.Warning, "Reload: {Key} has changed, which needs a restart; the old value holds until then.")]
    public static partial void NeedsRestart(this ILogger log, string key);

    [LoggerMessage(8, LogLevel.Information, "Reload done: revision {Revision}, {Added} services added, {Changed} changed, {Removed} removed.")]
    public static partial void Reloaded(this ILogger log, long revision, int added, int changed, int removed);

    [LoggerMessage(9, LogLevel.Error, "Reload failed: {Reason}. Everything runs on as before; send SIGHUP to try again.")]
    public static partial void ReloadFailed(this ILogger log, string reason);

    [LoggerMessage(20, LogLevel.Information, "Ending: forwarding goes on for {Drain} before the kernel is cleaned; a second signal ends the wait.")]
    public static partial void Draining(this ILogger log, string drain);

    [LoggerMessage(21, LogLevel.Information, "Ended: nothing of site {Site} is left in the kernel.")]
    public static partial void EndedClean(this ILogger log, string site);

    [LoggerMessage(22, LogLevel.Information, "Ended: the kernel forwards on for site {Site} until the next start takes over (shutdown.keep-forwarding).")]
    public static partial void EndedForwarding(this ILogger log, string site);

    [LoggerMessage(25, LogLevel.Warning, "Metrics cannot be sent to {Endpoint} (lb.metrics): nothing answers there as a collector does. It is tried again every {Interval}.")]
    public static partial void ExportFailed(this ILogger log, Uri endpoint, string interval);

    [LoggerMessage(26, LogLevel.Information, "Metrics are sent to {Endpoint} again.")]
    public static partial void ExportRecovered(this ILogger log, Uri endpoint);

    [LoggerMessage(27, LogLevel.Warning, "The flow log cannot be written to {Path} (lb.flow-log.path): {Reason} Events are lost and counted until it can; forwarding goes on.")]
    public static partial void FlowLogFailed(this ILogger log, string path, string reason);

    [LoggerMessage(28, LogLevel.Information, "The flow log is written to {Path} again.")]
    public static partial void FlowLogRecovered(this ILogger log, string path);

    [LoggerMessage(29, LogLevel.Warning, "{Events} events of the flow log were lost: more came than could be taken. Log fewer flows (flow-log = sampled, lb.flow-log.sample-rate); lb_flow_log_lost_total counts on.")]
    public static partial void FlowLogLost(this ILogger log, ulong events);

    [LoggerMessage(33, LogLevel.Error, "The flow log has ended; forwarding goes on without it until lbd is restarted.")]
    public static partial void FlowLogEnded(this ILogger log, Exception reason);

    [LoggerMessage(30, LogLevel.Error, "{Source}: {Message}")]
    public static partial void ActorError(this ILogger log, Exception? exception, string source, string message);

    [LoggerMessage(31, LogLevel.Warning, "{Source}: {Message}")]
    public static partial void ActorWarning(this ILogger log, Exception? exception, string source, string message);

    [LoggerMessage(32, LogLevel.Debug, "{Source}: {Message}")]
    public static partial void ActorDebug(this ILogger log, Exception? exception, string source, string message);
}
