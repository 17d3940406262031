namespace Akka.Event;

/// <summary>Logs by level. The text is made only when the level is logged and somebody reads it.</summary>
public static class LoggingExtensions
{
    /// <summary>Logs a debug event.</summary>
    public static void Debug(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.DebugLevel, null, format);

    /// <summary>Logs a debug event with its cause.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.DebugLevel, cause, format);

    /// <summary>Logs a debug event.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object[] args) =>
        Write(log, LogLevel.DebugLevel, null, format, args);

    /// <summary>Logs a debug event with its cause.</summary>
    public static void Debug(
        this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Write(log, LogLevel.DebugLevel, cause, format, args);

    /// <summary>Logs a debug event.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsDebugEnabled)
        {
            Write(log, LogLevel.DebugLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs a debug event with its cause.</summary>
    public static void Debug<T1>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsDebugEnabled)
        {
            Write(log, LogLevel.DebugLevel, cause, format, [arg1]);
        }
    }

    /// <summary>Logs a debug event.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsDebugEnabled)
        {
            Write(log, LogLevel.DebugLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs a debug event with its cause.</summary>
    public static void Debug<T1, T2>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsDebugEnabled)
        {
            Write(log, LogLevel.DebugLevel, cause, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs a debug event.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsDebugEnabled)
        {
            Write(log, LogLevel.DebugLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs a debug event with its cause.</summary>
    public static void Debug<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsDebugEnabled)
        {
            Write(log, LogLevel.DebugLevel, cause, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs an info event.</summary>
    public static void Info(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.InfoLevel, null, format);

    /// <summary>Logs an info event with its cause.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.InfoLevel, cause, format);

    /// <summary>Logs an info event.</summary>
    public static void Info(this ILoggingAdapter log, string format, params object[] args) =>
        Write(log, LogLevel.InfoLevel, null, format, args);

    /// <summary>Logs an info event with its cause.</summary>
    public static void Info(
        this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Write(log, LogLevel.InfoLevel, cause, format, args);

    /// <summary>Logs an info event.</summary>
    public static void Info<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsInfoEnabled)
        {
            Write(log, LogLevel.InfoLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs an info event with its cause.</summary>
    public static void Info<T1>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsInfoEnabled)
        {
            Write(log, LogLevel.InfoLevel, cause, format, [arg1]);
        }
    }

    /// <summary>Logs an info event.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsInfoEnabled)
        {
            Write(log, LogLevel.InfoLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs an info event with its cause.</summary>
    public static void Info<T1, T2>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsInfoEnabled)
        {
            Write(log, LogLevel.InfoLevel, cause, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs an info event.</summary>
    public static void Info<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsInfoEnabled)
        {
            Write(log, LogLevel.InfoLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs an info event with its cause.</summary>
    public static void Info<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsInfoEnabled)
        {
            Write(log, LogLevel.InfoLevel, cause, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.WarningLevel, null, format);

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.WarningLevel, cause, format);

    /// <summary>Logs a warning.</summary>
    public static void Warning(this ILoggingAdapter log, string format, params object[] args) =>
        Write(log, LogLevel.WarningLevel, null, format, args);

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning(
        this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Write(log, LogLevel.WarningLevel, cause, format, args);

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsWarningEnabled)
        {
            Write(log, LogLevel.WarningLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsWarningEnabled)
        {
            Write(log, LogLevel.WarningLevel, cause, format, [arg1]);
        }
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsWarningEnabled)
        {
            Write(log, LogLevel.WarningLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1, T2>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsWarningEnabled)
        {
            Write(log, LogLevel.WarningLevel, cause, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsWarningEnabled)
        {
            Write(log, LogLevel.WarningLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsWarningEnabled)
        {
            Write(log, LogLevel.WarningLevel, cause, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs an error.</summary>
    public static void Error(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.ErrorLevel, null, format);

    /// <summary>Logs an error with its cause.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.ErrorLevel, cause, format);

    /// <summary>Logs an error.</summary>
    public static void Error(this ILoggingAdapter log, string format, params object[] args) =>
        Write(log, LogLevel.ErrorLevel, null, format, args);

    /// <summary>Logs an error with its cause.</summary>
    public static void Error(
        this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Write(log, LogLevel.ErrorLevel, cause, format, args);

    /// <summary>Logs an error.</summary>
    public static void Error<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsErrorEnabled)
        {
            Write(log, LogLevel.ErrorLevel, null, format, [arg1]);
        }
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsErrorEnabled)
        {
            Write(log, LogLevel.ErrorLevel, cause, format, [arg1]);
        }
    }

    /// <summary>Logs an error.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsErrorEnabled)
        {
            Write(log, LogLevel.ErrorLevel, null, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1, T2>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsErrorEnabled)
        {
            Write(log, LogLevel.ErrorLevel, cause, format, [arg1, arg2]);
        }
    }

    /// <summary>Logs an error.</summary>
    public static void Error<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsErrorEnabled)
        {
            Write(log, LogLevel.ErrorLevel, null, format, [arg1, arg2, arg3]);
        }
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsErrorEnabled)
        {
            Write(log, LogLevel.ErrorLevel, cause, format, [arg1, arg2, arg3]);
        }
    }

    private static void Write(
        ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (log.IsEnabled(level))
        {
            log.Log(level, cause, new FormattedLogMessage(log.Formatter, format, args));
        }
    }
}
