using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>What is said of full-nat.</summary>
internal static partial class Log
{
    [LoggerMessage(2815, LogLevel.Warning, "Backend {Backend} of {Service}: {Used} of the {Room} ports that this node has for it are in use by full-nat. New flows may find none, and are dropped then: add addresses to full-nat.addresses, or backends.")]
    public static partial void FullNatPortsLow(this ILogger log, Endpoint backend, Endpoint service, int used, int room);

    [LoggerMessage(2816, LogLevel.Debug, "{Count} flows of full-nat were over: their ports are free again. {Left} are left.")]
    public static partial void FullNatSwept(this ILogger log, int count, int left);
}
