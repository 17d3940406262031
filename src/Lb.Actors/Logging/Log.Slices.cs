using Microsoft.Extensions.Logging;

namespace Lb.Actors;

internal static partial class Log
{
    [LoggerMessage(2800, LogLevel.Information, "Service {Service}: this node divides its limits among the nodes from now on.")]
    public static partial void LimitsOwned(this ILogger log, string service);

    [LoggerMessage(2801, LogLevel.Warning, "Service {Service}: {Of} wait or are refused. This node has {Used} and may have {Slice} of the cluster's {Limit}: other nodes have the rest, or are not heard ('pbm cluster limits').")]
    public static partial void LimitStarved(this ILogger log, string service, string of, int used, int slice, int limit);

    [LoggerMessage(2802, LogLevel.Information, "Service {Service}: {Of} wait no more. This node has {Used} and may have {Slice}.")]
    public static partial void LimitFed(this ILogger log, string service, string of, int used, int slice);

    [LoggerMessage(2803, LogLevel.Warning, "Limits: {Node} does not take part in the limits of the cluster, as an older release would not. Until it does, each node counts connections for itself, and all together may have more than the limits.")]
    public static partial void LimitsMixed(this ILogger log, string node);

    [LoggerMessage(2804, LogLevel.Information, "Limits: all nodes take part in the limits of the cluster.")]
    public static partial void LimitsShared(this ILogger log);

    [LoggerMessage(2805, LogLevel.Information, "Limits: this node admits no more connections, and has given its part of the cluster's limits back.")]
    public static partial void LimitsReturned(this ILogger log);

    [LoggerMessage(2806, LogLevel.Warning, "Limits: this node admits no more connections. That its part of the cluster's limits is free was not confirmed in time: the others have it in {Seconds} s at the latest.")]
    public static partial void LimitsNotReturned(this ILogger log, double seconds);
}
