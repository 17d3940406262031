using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The settings of a system, read from its configuration once.</summary>
public class Settings
{
    /// <summary>Reads the settings.</summary>
    public Settings(ActorSystem system, Config config)
        : this(system, config, ActorSystemSetup.Empty)
    {
    }

    /// <summary>Reads the settings.</summary>
    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Config = config;
        Setup = setup;
        AskTimeout = config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        LogLevel = config.GetString("akka.loglevel", "INFO");
        StdoutLogLevel = config.GetString("akka.stdout-loglevel", "WARNING");
        Loggers = config.GetStringList("akka.loggers", ["Akka.Event.DefaultLogger"]);
        LogDeadLetters = ReadLogDeadLetters(config);
        LogDeadLettersDuringShutdown = config.GetBoolean("akka.log-dead-letters-during-shutdown");
        SupervisorStrategyClass = config.GetString(
            "akka.actor.guardian-supervisor-strategy", "Akka.Actor.DefaultSupervisorStrategy");
        CoordinatedShutdownTerminateActorSystem =
            config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system", true);
        CoordinatedShutdownRunByActorSystemTerminate =
            config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
    }

    /// <summary>How long an ask waits that is given no timeout.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary>The configuration.</summary>
    public Config Config { get; }

    /// <summary>Whether ending the system runs a coordinated shutdown.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Whether a coordinated shutdown ends the system.</summary>
    public bool CoordinatedShutdownTerminateActorSystem { get; }

    /// <summary>How many dead letters are logged.</summary>
    public int LogDeadLetters { get; }

    /// <summary>Whether dead letters are logged while the system ends.</summary>
    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>The classes of the loggers.</summary>
    public IList<string> Loggers { get; }

    /// <summary>The least level that is logged.</summary>
    public string LogLevel { get; }

    /// <summary>What the system was set up with.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary>The least level that is printed while there are no loggers.</summary>
    public string StdoutLogLevel { get; }

    /// <summary>The class that makes the strategy of the user guardian.</summary>
    public string SupervisorStrategyClass { get; }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    internal LogLevel Level => Logging.LogLevelFor(LogLevel);

    /// <inheritdoc/>
    public override string ToString() => Config.ToString();

    private static int ReadLogDeadLetters(Config config) =>
        config.GetString("akka.log-dead-letters", "10") switch
        {
            "on" or "true" => int.MaxValue,
            "off" or "false" => 0,
            _ => config.GetInt("akka.log-dead-letters", 10),
        };
}
