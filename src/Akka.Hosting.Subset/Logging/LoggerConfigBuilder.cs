using Akka.Dispatch;
using Akka.Event;

namespace Akka.Hosting;

/// <summary>Collects who gets what the actor system logs.</summary>
public sealed class LoggerConfigBuilder
{
    private readonly List<Type> _loggers = [];

    internal LoggerConfigBuilder()
    {
    }

    /// <summary>The least level that is logged; as configured when it is not set.</summary>
    public LogLevel? LogLevel { get; set; }

    /// <summary>Forgets the loggers that were added.</summary>
    public LoggerConfigBuilder ClearLoggers()
    {
        _loggers.Clear();
        return this;
    }

    /// <summary>Adds a logger: an actor that gets each event and answers <see cref="InitializeLogger"/>.</summary>
    public LoggerConfigBuilder AddLogger<T>()
        where T : IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        _loggers.Add(typeof(T));
        return this;
    }

    /// <summary>The configuration; what was not said is left as it is.</summary>
    internal string ToHocon()
    {
        var loggers = string.Join(", ", _loggers.Select(type => $"\"{type.AssemblyQualifiedName}\""));
        return (_loggers.Count == 0 ? "" : $"akka.loggers = [{loggers}]\n")
            + (LogLevel is { } level ? $"akka.loglevel = {level.StringFor()}\n" : "");
    }
}

/// <summary>Says who gets what the actor system logs.</summary>
public static class LoggingExtensions
{
    /// <summary>Sets the loggers and their level.</summary>
    public static AkkaConfigurationBuilder ConfigureLoggers(
        this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        var loggers = new LoggerConfigBuilder();
        configurator(loggers);
        return builder.Add(loggers.ToHocon(), HoconAddMode.Prepend);
    }
}
