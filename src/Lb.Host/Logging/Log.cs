using Lb.Cluster.Membership;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>Everything that the process logs: what, which, and what happens next.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "lbd {Version}: site {Site} from {File}, {Services} services.")]
    public static partial void Starting(this ILogger log, string version, string site, string file, int services);

    [LoggerMessage(3002, LogLevel.Information, "ready: site {Site}, {Services} services in the kernel, http://{Admin}{Remote}.")]
    public static partial void Ready(this ILogger log, string site, int services, System.Net.IPEndPoint admin, string remote);

    [LoggerMessage(3003, LogLevel.Information, "Reload: {File} is read again.")]
    public static partial void Reloading(this ILogger log, string file);

    [LoggerMessage(3004, LogLevel.Error, "Reload: {Issue}")]
    public static partial void ReloadError(this ILogger log, string issue);

    [LoggerMessage(3005, LogLevel.Warning, "Reload: {Issue}")]
    public static partial void ReloadWarning(this ILogger log, string issue);

    [LoggerMessage(3006, LogLevel.Error, "Reload refused: {Errors} errors in {File}. Everything runs on as before.")]
    public static partial void ReloadRefused(this ILogger log, int errors, string file);

    [LoggerMessage(3007, LogLevel.Warning, "Reload: {Key} has changed, which needs a restart; the old value holds until then.")]
    public static partial void NeedsRestart(this ILogger log, string key);

    [LoggerMessage(3008, LogLevel.Information, "Reload done: revision {Revision}, {Added} services added, {Changed} changed, {Removed} removed.")]
    public static partial void Reloaded(this ILogger log, long revision, int added, int changed, int removed);

    [LoggerMessage(3009, LogLevel.Error, "Reload failed: {Reason}. Everything runs on as before; send SIGHUP to try again.")]
    public static partial void ReloadFailed(this ILogger log, string reason);

    [LoggerMessage(3020, LogLevel.Information, "Ending: forwarding goes on for {Drain} before the kernel is cleaned; a second signal ends the wait.")]
    public static partial void Draining(this ILogger log, string drain);

    [LoggerMessage(3021, LogLevel.Information, "Ended: nothing of site {Site} is left in the kernel.")]
    public static partial void EndedClean(this ILogger log, string site);

    [LoggerMessage(3022, LogLevel.Information, "Ended: the kernel forwards on for site {Site} until the next start takes over (shutdown.keep-forwarding).")]
    public static partial void EndedForwarding(this ILogger log, string site);

    [LoggerMessage(3025, LogLevel.Warning, "Metrics cannot be sent to {Endpoint} (lb.metrics): nothing answers there as a collector does. It is tried again every {Interval}.")]
    public static partial void ExportFailed(this ILogger log, Uri endpoint, string interval);

    [LoggerMessage(3026, LogLevel.Information, "Metrics are sent to {Endpoint} again.")]
    public static partial void ExportRecovered(this ILogger log, Uri endpoint);

    [LoggerMessage(3027, LogLevel.Warning, "The flow log cannot be written to {Path} (lb.flow-log.path): {Reason} Events are lost and counted until it can; forwarding goes on.")]
    public static partial void FlowLogFailed(this ILogger log, string path, string reason);

    [LoggerMessage(3028, LogLevel.Information, "The flow log is written to {Path} again.")]
    public static partial void FlowLogRecovered(this ILogger log, string path);

    [LoggerMessage(3029, LogLevel.Warning, "{Events} events of the flow log were lost: more came than could be taken. Log fewer flows (flow-log = sampled, lb.flow-log.sample-rate); lb_flow_log_lost_total counts on.")]
    public static partial void FlowLogLost(this ILogger log, ulong events);

    [LoggerMessage(3033, LogLevel.Error, "The flow log has ended; forwarding goes on without it until lbd is restarted.")]
    public static partial void FlowLogEnded(this ILogger log, Exception reason);

    [LoggerMessage(3040, LogLevel.Information, "{Who} from {From}: {Palette} {Command} {Arguments}: done.")]
    public static partial void CommandDone(
        this ILogger log, string who, string from, string palette, string command, string arguments);

    [LoggerMessage(3041, LogLevel.Warning, "{Who} from {From}: {Palette} {Command} {Arguments}: not done ({Code}): {Reason}.")]
    public static partial void CommandRefused(
        this ILogger log, string who, string from, string palette, string command, string arguments, string code, string reason);

    [LoggerMessage(3042, LogLevel.Warning, "Nobody is let in from {From} for {Path}: {Reason}; {Silent} more since the last such line.")]
    public static partial void Denied(this ILogger log, string from, string path, string reason, long silent);

    [LoggerMessage(3043, LogLevel.Information, "The API shows the certificate of {File} from now on; it holds until {End:u}.")]
    public static partial void CertificateRead(this ILogger log, string file, DateTime end);

    [LoggerMessage(3044, LogLevel.Error, "The certificate that was read before goes on: {Reason}")]
    public static partial void CertificateUnusable(this ILogger log, string reason);

    [LoggerMessage(3030, LogLevel.Error, "{Source}: {Message}")]
    public static partial void ActorError(this ILogger log, Exception? exception, string source, string message);

    [LoggerMessage(3031, LogLevel.Warning, "{Source}: {Message}")]
    public static partial void ActorWarning(this ILogger log, Exception? exception, string source, string message);

    [LoggerMessage(3032, LogLevel.Debug, "{Source}: {Message}")]
    public static partial void ActorDebug(this ILogger log, Exception? exception, string source, string message);

    [LoggerMessage(3050, LogLevel.Information, "Handover: process {Id} was started to take the place of this one.")]
    public static partial void SuccessorStarted(this ILogger log, int id);

    [LoggerMessage(3051, LogLevel.Information, "Handover: lbd {Version}, process {Id}, is ready; this one ends its work.")]
    public static partial void SuccessorReady(this ILogger log, string version, int id);

    [LoggerMessage(3052, LogLevel.Error, "Handover: there is no successor: {Reason}. Everything runs on as before.")]
    public static partial void SuccessorFailed(this ILogger log, string reason);

    [LoggerMessage(3053, LogLevel.Information, "Handover: the next process has {Connections} relayed connections and {Listeners} listeners; {Left} connections could not be handed over. This one ends.")]
    public static partial void HandedOver(this ILogger log, int connections, int listeners, int left);

    [LoggerMessage(3054, LogLevel.Error, "Handover: the next process has failed, and relayed connections end with this one; the kernel forwards on: {Reason}")]
    public static partial void HandOverFailed(this ILogger log, string reason);

    [LoggerMessage(3055, LogLevel.Information, "Handover: {Connections} relayed connections and {Listeners} listeners taken over; {Left} connections were reset.")]
    public static partial void TakenOver(this ILogger log, int connections, int listeners, int left);

    [LoggerMessage(3056, LogLevel.Error, "Handover: relayed connections of the process before this one are lost: {Reason}")]
    public static partial void TakeOverFailed(this ILogger log, string reason);

    [LoggerMessage(3600, LogLevel.Information, "Cluster: {Member} is {Status}.")]
    public static partial void MemberIs(this ILogger log, NodeId member, NodeStatus status);

    [LoggerMessage(3601, LogLevel.Information, "Cluster: {Member} is a member no more; it was {Status}.")]
    public static partial void MemberGone(this ILogger log, NodeId member, NodeStatus status);

    [LoggerMessage(3602, LogLevel.Warning, "Cluster: {Member} cannot be reached: most of those who watch it hear nothing. It is given up unless it can be soon.")]
    public static partial void MemberUnreachable(this ILogger log, NodeId member);

    [LoggerMessage(3603, LogLevel.Information, "Cluster: {Member} can be reached again.")]
    public static partial void MemberReachable(this ILogger log, NodeId member);

    [LoggerMessage(3604, LogLevel.Warning, "Cluster: this node was given up as {Member}; it comes back by itself as another one when it reaches the others.")]
    public static partial void GivenUp(this ILogger log, NodeId member);

    [LoggerMessage(3605, LogLevel.Warning, "Cluster: {Problem}. What is known of the members stays as it is, and it is tried again.")]
    public static partial void ClusterProblem(this ILogger log, string problem);

    [LoggerMessage(3606, LogLevel.Information, "Cluster: all is well again.")]
    public static partial void ClusterWell(this ILogger log);

    [LoggerMessage(3607, LogLevel.Warning, "Cluster: this node takes part no more: {Reason}.")]
    public static partial void ClusterEnded(this ILogger log, string reason);

    [LoggerMessage(3608, LogLevel.Warning, "Cluster: the others could not be told that this node ends; they will notice.")]
    public static partial void ClusterNotLeft(this ILogger log);

    [LoggerMessage(3609, LogLevel.Information, "Cluster: {Node} passes on that this node is to leave.")]
    public static partial void AskedToLeave(this ILogger log, string node);
}
