using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>Messages on how relays are reached, and on services that move to and from them.</summary>
internal static partial class Log
{
    [LoggerMessage(2056, LogLevel.Information, "Packets of {Vip} go to its relay by {By}: {Reason}.")]
    public static partial void InterceptedBy(this ILogger log, Endpoint vip, InterceptBy by, string reason);

    [LoggerMessage(2057, LogLevel.Information, "Service {Service}: new flows go by {Mode}, those older than now go on by {Older} until they have ended.")]
    public static partial void ServiceMoves(this ILogger log, string service, ForwardingMode mode, ForwardingMode older);

    [LoggerMessage(2058, LogLevel.Information, "Service {Service}: all flows go by {Mode}: those by {Older} have ended, {Cut} of them cut by relay.drain-timeout.")]
    public static partial void ServiceMoved(
        this ILogger log, string service, ForwardingMode mode, ForwardingMode older, long cut);
}
