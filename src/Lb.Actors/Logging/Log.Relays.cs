using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>Messages on how relays are reached, and on services that move to and from them.</summary>
internal static partial class Log
{
    [LoggerMessage(2056, LogLevel.Information, "Packets of {Vip} go to its relay by {By}: {Reason}.")]
    public static partial void InterceptedBy(this ILogger log, Endpoint vip, InterceptBy by, string reason);
}
