using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Logging;

/// <summary>Gives the loggers of an actor system the log of the host.</summary>
public class LoggerFactorySetup : Setup
{
    /// <summary>Creates the part of a system's setup.</summary>
    public LoggerFactorySetup(ILoggerFactory loggerFactory)
    {
        LoggerFactory = loggerFactory;
    }

    /// <summary>The log of the host.</summary>
    public ILoggerFactory LoggerFactory { get; }
}
