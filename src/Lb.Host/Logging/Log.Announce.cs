using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>What the process logs about announcing.</summary>
internal static partial class Log
{
    [LoggerMessage(3650, LogLevel.Information, "Ending: this node's VIPs were handed over; {Held} are still here, since nobody else takes them.")]
    public static partial void VipsHandedOver(this ILogger log, int held);

    [LoggerMessage(3651, LogLevel.Warning, "Ending: the handover of this node's VIPs was cut short. Other nodes take them when they do not hear of this one any more.")]
    public static partial void VipsNotHandedOver(this ILogger log);

    [LoggerMessage(3652, LogLevel.Information, "bird runs as process {Id}; routers are told of VIPs by it.")]
    public static partial void BirdRuns(this ILogger log, int id);

    [LoggerMessage(3653, LogLevel.Error, "bird cannot be run, so that no router is told of VIPs: {Reason} It is tried again in {Seconds} s.")]
    public static partial void BirdNotRun(this ILogger log, string reason, double seconds);

    [LoggerMessage(3654, LogLevel.Error, "bird has ended with code {Code}, so that routers take this node for gone. It is started again in {Seconds} s. It said last: {Last}")]
    public static partial void BirdEnded(this ILogger log, int code, double seconds, string last);

    [LoggerMessage(3655, LogLevel.Warning, "bird: {Line}")]
    public static partial void BirdWarned(this ILogger log, string line);

    [LoggerMessage(3656, LogLevel.Debug, "bird: {Line}")]
    public static partial void BirdSaid(this ILogger log, string line);

    [LoggerMessage(3657, LogLevel.Warning, "bird does not do what it is told: {Reason} It is told again.")]
    public static partial void BirdNotTold(this ILogger log, string reason);

    [LoggerMessage(3658, LogLevel.Information, "BGP with {Name} ({Address}): {State}.")]
    public static partial void NeighbourIs(this ILogger log, string name, System.Net.IPAddress address, string state);
}
