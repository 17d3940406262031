using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

internal static partial class Log
{
    [LoggerMessage(3680, LogLevel.Warning, "Not all nodes have confirmed the newest flow entries of this one before it gives its VIPs away or leaves: flows of the last moments on slots that were moved lately may break.")]
    public static partial void FlowsNotFlushed(this ILogger log);
}
