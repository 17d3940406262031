using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>Log events of the room for flows.</summary>
internal static partial class Log
{
    [LoggerMessage(2810, LogLevel.Warning, "The kernel gave up {Count} tracked flows ({Kind}, {Family}) to make room for others: its table has room for {Room}. A flow without its entry may go to another backend when its slot changes; raise lb.kernel.max-flows.")]
    public static partial void FlowsEvicted(this ILogger log, long count, string kind, string family, long room);

    [LoggerMessage(2811, LogLevel.Warning, "The tracked flows could not be counted: {Reason} It is tried again at the next check.")]
    public static partial void FlowsNotCounted(this ILogger log, string reason);

    [LoggerMessage(2812, LogLevel.Warning, "The kernel gave up {Count} clients that keep their backend ({Family}) to make room for others: its table has room for {Room}. New flows of such a client go by the table alone; raise lb.kernel.max-clients.")]
    public static partial void ClientsEvicted(this ILogger log, long count, string family, long room);

    [LoggerMessage(2813, LogLevel.Debug, "{Count} clients of services or backends that are gone were forgotten.")]
    public static partial void ClientsForgotten(this ILogger log, int count);
}
