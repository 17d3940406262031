using Microsoft.Extensions.Logging;

namespace Lb.Actors;

internal static partial class Log
{
    [LoggerMessage(2780, LogLevel.Information, "Flows: all that {Node} knows was taken over, {Entries} entries.")]
    public static partial void FlowsTakenOver(this ILogger log, string node, int entries);

    [LoggerMessage(2781, LogLevel.Warning, "Flows: news of {Node} were lost that it has no more; it is asked for all that it knows.")]
    public static partial void NewsMissed(this ILogger log, string node);

    [LoggerMessage(2782, LogLevel.Warning, "Flows: {Count} new entries found no room in the kernel's buffer for other nodes (lb_flow_news); the others ask for all that this node knows.")]
    public static partial void NewsLost(this ILogger log, ulong count);

    [LoggerMessage(2783, LogLevel.Information, "Flows: this node has what the others know.")]
    public static partial void CaughtUp(this ILogger log);

    [LoggerMessage(2784, LogLevel.Warning, "Flows: no other node was heard for {Seconds} s or longer; this one takes over anew what they know.")]
    public static partial void Rejoins(this ILogger log, double seconds);

    [LoggerMessage(2785, LogLevel.Warning, "This node may answer for VIPs though it has not caught up with the others: {Missing}. That was waited for {Seconds} s. Older flows on slots that were moved lately may break here.")]
    public static partial void GateOverdue(this ILogger log, string missing, double seconds);

    [LoggerMessage(2786, LogLevel.Information, "Service {Service}: {Slots} slots are moved or clean as other nodes have them.")]
    public static partial void SlotsTaken(this ILogger log, string service, int slots);
}
