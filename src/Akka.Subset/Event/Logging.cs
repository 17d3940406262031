using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes loggers.</summary>
public static class Logging
{
    private const LogLevel Off = (LogLevel)int.MaxValue;

    /// <summary>Returns a logger whose source is the actor of the context.</summary>
    public static ILoggingAdapter GetLogger(
        this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new BusLogging(
            context.System.EventStream, context.Self.ToString()!, context.Props.Type,
            logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    /// <summary>Returns a logger for a source: an actor, a type or a text.</summary>
    public static ILoggingAdapter GetLogger(
        ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        return GetLogger(system.EventStream, logSourceObj, logMessageFormatter);
    }

    /// <summary>Returns a logger for a source: an actor, a type or a text.</summary>
    public static ILoggingAdapter GetLogger(
        LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = logSourceObj switch
        {
            string text => (text, typeof(string)),
            Type known => (SimpleName(known), known),
            IInternalActor actor => (actor.ActorContext.Self.ToString()!, actor.GetType()),
            IActorRef actor => (actor.ToString()!, actor.GetType()),
            _ => (SimpleName(logSourceObj.GetType()), logSourceObj.GetType()),
        };
        return new BusLogging(loggingBus, source, type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    /// <summary>Returns the level of a name: DEBUG, INFO, WARNING, ERROR or OFF.</summary>
    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException($"Unknown log level [{logLevel}]", nameof(logLevel)),
    };

    /// <summary>Returns the name of a level.</summary>
    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        Off => "OFF",
        _ => throw new ArgumentOutOfRangeException(nameof(logLevel), logLevel, "Unknown log level"),
    };

    /// <summary>Returns the name of a type without its namespace.</summary>
    public static string SimpleName(Type t)
    {
        ArgumentNullException.ThrowIfNull(t);
        return t.Name;
    }

    /// <summary>Returns the name of an object's type without its namespace.</summary>
    public static string SimpleName(object o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return o.GetType().Name;
    }
}
