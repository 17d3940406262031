using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>What the process logs about announcing.</summary>
internal static partial class Log
{
    [LoggerMessage(3650, LogLevel.Information, "Ending: this node's VIPs were handed over; {Held} are still here, since nobody else takes them.")]
    public static partial void VipsHandedOver(this ILogger log, int held);

    [LoggerMessage(3651, LogLevel.Warning, "Ending: the handover of this node's VIPs was cut short. Other nodes take them when they do not hear of this one any more.")]
    public static partial void VipsNotHandedOver(this ILogger log);
}
