namespace Akka.Event;

/// <summary>Logs by level. The text is made only when the level is logged and somebody reads it.</summary>
public static partial class LoggingExtensions
{
    private static void Write(
        ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (log.IsEnabled(level))
        {
            log.Log(level, cause, new FormattedLogMessage(log.Formatter, format, args));
        }
    }
}
