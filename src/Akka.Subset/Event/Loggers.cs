using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>Asks a logger to make itself ready; it answers with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger : INoSerializationVerificationNeeded
{
    /// <summary>Creates the message.</summary>
    public InitializeLogger(LoggingBus loggingBus)
    {
        LoggingBus = loggingBus;
    }

    /// <summary>Where the logger may subscribe to more than log events.</summary>
    public LoggingBus LoggingBus { get; }
}

/// <summary>Says that a logger is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Starts the loggers that the configuration names.</summary>
internal static class Loggers
{
    internal static void Start(ActorSystemImpl system)
    {
        var timeout = system.Settings.Config.GetTimeSpan("akka.logger-startup-timeout", TimeSpan.FromSeconds(5));
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = ConfiguredType.Find("akka.loggers", name);
            var logger = system.SystemActorOf(Props.Create(type), $"log{++number}-{type.Name}");
            var ready = logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), timeout);
            try
            {
                ready.GetAwaiter().GetResult();
            }
            catch (AskTimeoutException)
            {
                system.Log.Warning("Logger [{0}] did not answer within {1}; it gets events all the same", name, timeout);
            }

            system.EventStream.Subscribe(logger, typeof(LogEvent));
        }
    }
}
