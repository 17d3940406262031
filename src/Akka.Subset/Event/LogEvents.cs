using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

/// <summary>How serious a log event is.</summary>
public enum LogLevel
{
    /// <summary>For the developer.</summary>
    DebugLevel = 0,

    /// <summary>For the record.</summary>
    InfoLevel = 1,

    /// <summary>Something may be wrong.</summary>
    WarningLevel = 2,

    /// <summary>Something is wrong.</summary>
    ErrorLevel = 3,
}

/// <summary>Something that is logged.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    /// <summary>Creates the event.</summary>
    protected LogEvent()
    {
        Timestamp = DateTime.UtcNow;
        Thread = Thread.CurrentThread;
    }

    /// <summary>The exception that goes with it.</summary>
    public Exception? Cause { get; protected set; }

    /// <summary>The class that logged it.</summary>
    public Type LogClass { get; protected set; } = typeof(LogEvent);

    /// <summary>What logged it, such as an actor's path.</summary>
    public string LogSource { get; protected set; } = "";

    /// <summary>The text, or an object whose text it is.</summary>
    public object Message { get; protected set; } = "";

    /// <summary>The thread that logged it.</summary>
    public Thread Thread { get; }

    /// <summary>When it was logged.</summary>
    public DateTime Timestamp { get; }

    /// <summary>How serious it is.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString()
    {
        var level = LogLevel().StringFor();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"[{level}][{Timestamp:O}][Thread {Thread.ManagedThreadId:D4}][{LogSource}] {Message}");
        return Cause is null ? text : text + Environment.NewLine + "Cause: " + Cause;
    }

    private protected void Set(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }
}

/// <summary>An event for the developer.</summary>
public class Debug : LogEvent
{
    /// <summary>Creates the event.</summary>
    public Debug(string logSource, Type logClass, object message) => Set(null, logSource, logClass, message);

    /// <summary>Creates the event.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message) =>
        Set(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>An event for the record.</summary>
public class Info : LogEvent
{
    /// <summary>Creates the event.</summary>
    public Info(string logSource, Type logClass, object message) => Set(null, logSource, logClass, message);

    /// <summary>Creates the event.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message) =>
        Set(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>Something may be wrong.</summary>
public class Warning : LogEvent
{
    /// <summary>Creates the event.</summary>
    public Warning(string logSource, Type logClass, object message) => Set(null, logSource, logClass, message);

    /// <summary>Creates the event.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message) =>
        Set(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>Something is wrong.</summary>
public class Error : LogEvent
{
    /// <summary>Creates the event.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message) =>
        Set(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
