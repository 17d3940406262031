using Lb.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lb.Host.Logging;

internal static class HostLogging
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>
    /// Logs to standard output, a line an event, as people or machines read it, and into a feed for those who ask the
    /// node.
    /// </summary>
    public static ILoggingBuilder AddLbConsole(
        this ILoggingBuilder logging, LogFormat format, LogThreshold threshold, LogFeed? feed = null)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Trace);
        // Nobody who decides may wait for a reader of the log that has stopped: what does not fit is dropped and counted.
        logging.Services.Configure<ConsoleLoggerOptions>(
            o => o.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        logging.AddFilter(threshold.Allows);
        if (feed is not null)
        {
            logging.AddProvider(new LogFeedProvider(feed, TimeProvider.System));
        }

        if (format == LogFormat.Json)
        {
            logging.Services.TryAddSingleton(TimeProvider.System);
            return logging
                .AddConsole(o => o.FormatterName = JsonLineFormatter.Name)
                .AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        }

        return logging.AddSimpleConsole(o =>
        {
            o.TimestampFormat = Timestamp;
            o.UseUtcTimestamp = true;
            o.SingleLine = true;
            o.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
