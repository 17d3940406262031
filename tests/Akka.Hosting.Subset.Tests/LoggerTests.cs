using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Akka.Hosting.Subset.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using LogLevel = Akka.Event.LogLevel;

namespace Akka.Hosting.Subset.Tests;

public sealed partial class LoggerTests
{
    [Fact]
    public async Task Logger_that_was_added_leads_the_log_into_that_of_the_host()
    {
        await using TestHost host = await TestHost.StartAsync(akka => akka
            .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLogger<ToHost>())
            .WithActors((system, _) => system.Log.Warning("{0} flows", 7)));
        ActorSystem system = host.System;
        await host.StopAsync();

        Assert.Contains(host.Log.Entries, e => e.Category == "actors" && e.Text.StartsWith("Warning 7 flows"));
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void What_is_not_said_about_loggers_stays_as_it_is_configured()
    {
        AkkaConfigurationBuilder akka = new(new ServiceCollection(), "test");
        akka.ConfigureLoggers(loggers => loggers.AddLogger<DefaultLogger>().AddLogger<ToHost>());
        akka.ConfigureLoggers(loggers => loggers.LogLevel = LogLevel.WarningLevel);
        akka.ConfigureLoggers(loggers => loggers.ClearLoggers());

        IList<string> names = akka.Configuration.Value.GetStringList("akka.loggers");
        Assert.Equal(
            [typeof(DefaultLogger), typeof(ToHost)], names.Select(name => Type.GetType(name, throwOnError: true)));
        Assert.Equal("WARNING", akka.Configuration.Value.GetString("akka.loglevel"), ignoreCase: true);
    }

    /// <summary>Writes to the host's log.</summary>
    public sealed partial class ToHost : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        public ToHost()
        {
            ILogger log = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory
                .CreateLogger("actors");
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(e => LogEvent(log, e.GetType().Name, $"{e.Message}"));
        }

        [LoggerMessage(Microsoft.Extensions.Logging.LogLevel.Information, "{Kind} {Text}")]
        private static partial void LogEvent(ILogger log, string kind, string text);
    }
}
