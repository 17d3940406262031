using Lb.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lb.Host.Logging;

/// <summary>The level below which nothing is logged; a reload may change it.</summary>
internal sealed class LogThreshold(LogLevel level)
{
    private volatile int _level = (int)level;

    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }
}

internal static class HostLogging
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Logs to standard output, a line an event, as people or machines read it.</summary>
    public static ILoggingBuilder AddLbConsole(this ILoggingBuilder logging, LogFormat format, LogThreshold threshold)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Trace);
        // Nobody who decides may wait for a reader of the log that has stopped: what does not fit is dropped and counted.
        logging.Services.Configure<ConsoleLoggerOptions>(
            o => o.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        logging.AddFilter((category, level) => level >= Floor(category, threshold.Level));
        return format == LogFormat.Json
            ? logging.AddJsonConsole(o =>
            {
                o.TimestampFormat = Timestamp.TrimEnd();
                o.UseUtcTimestamp = true;
            })
            : logging.AddSimpleConsole(o =>
            {
                o.TimestampFormat = Timestamp;
                o.UseUtcTimestamp = true;
                o.SingleLine = true;
                o.ColorBehavior = LoggerColorBehavior.Disabled;
            });
    }

    /// <summary>What the web server says of each connection and request is for those who ask for everything.</summary>
    private static LogLevel Floor(string? category, LogLevel level)
    {
        bool ours = category is null || category.StartsWith("Lb.", StringComparison.Ordinal);
        return ours || level == LogLevel.Trace || level > LogLevel.Warning ? level : LogLevel.Warning;
    }
}
