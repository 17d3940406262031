using System.Text.Json;
using Akka.Actor.Setup;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Lb.Actors.Wire;
using Lb.Hocon;
using Lb.Host.CommandLine;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Persistence;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>Makes the actor system of a node.</summary>
internal static class NodeActors
{
    /// <summary>One log and one owner of the process's end: both are the host's.</summary>
    private const string Ours = """
        akka {
          loggers = []
          stdout-loglevel = OFF
          loglevel = WARNING
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <summary>Makes it, with its log led into that of the process.</summary>
    /// <exception cref="NodeFailure">The <c>akka</c> section cannot be used.</exception>
    public static ActorSystem Create(HoconObject root, NodeOptions options, ILoggerFactory loggers)
    {
        (string provider, string connection) = options.OpenJournal();
        try
        {
            Config config = ConfigurationFactory.ParseString(Ours);
            if (root.TryGetField(SiteKeys.Akka, out HoconField akka))
            {
                HoconObject section = new([akka]);
                config = ConfigurationFactory.ParseString(HoconRenderer.ToJson(section)).WithFallback(config);
            }

            config = config.WithFallback(ConfigurationFactory.ParseString($$"""
                akka.persistence {
                  journal { plugin = "akka.persistence.journal.sql", sql {
                    class = "{{typeof(SqlWriteJournal).AssemblyQualifiedName}}"
                    connection-string = {{JsonSerializer.Serialize(connection)}}, provider-name = "{{provider}}" } }
                  snapshot-store { plugin = "akka.persistence.snapshot-store.sql", sql {
                    class = "{{typeof(SqlSnapshotStore).AssemblyQualifiedName}}"
                    connection-string = {{JsonSerializer.Serialize(connection)}}, provider-name = "{{provider}}" } }
                }
                """));
            ActorSystem system = ActorSystem.Create("lb", ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(config), JsonContractSerializer.Setup(WireContracts.Create())));
            system.ActorOf(Props.Create(() => new ActorLogForwarder(loggers)), "log");
            return system;
        }
        catch (Exception e)
        {
            throw new NodeFailure(
                $"The actor system cannot be started with the akka section, correct it: {e.Message}",
                e,
                ExitCode.Usage);
        }
    }
}
