using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Lb.Persistence;
using Lb.PersistenceVictim;

// Arguments: provider and connection string. Commands come by standard input, reports go to standard output; the end
// of the input ends the process, so none outlives its test.
var (provider, connectionString) = (args[0], args[1]);
var store = $"connection-string = \"{connectionString}\", provider-name = {provider}";
var config = ConfigurationFactory.ParseString(
    $$"""
    akka { loggers = [], log-dead-letters = off }
    akka.persistence.journal {
      plugin = "akka.persistence.journal.sql"
      sql { class = "{{typeof(SqlWriteJournal).AssemblyQualifiedName}}", {{store}} }
    }
    akka.persistence.snapshot-store {
      plugin = "akka.persistence.snapshot-store.sql"
      sql { class = "{{typeof(SqlSnapshotStore).AssemblyQualifiedName}}", {{store}} }
    }
    """);
var system = ActorSystem.Create(
    "victim",
    ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(config), JsonContractSerializer.Setup(TallyJson.Contracts)));
var tallies = new Dictionary<string, IActorRef>();
WriteLock? writeLock = null;

Report.Line("ready");
using var input = new StreamReader(Console.OpenStandardInput());
while (input.ReadLine() is { } line)
{
    switch (line.Split(' '))
    {
        case ["open", var id]:
            tallies[id] = system.ActorOf(Props.Create(() => new Tally(id)));
            break;
        case ["persist", var id]:
            tallies[id].Tell(new Tally.Persist());
            break;
        case ["flood", var id]:
            tallies[id].Tell(new Tally.Flood());
            break;
        case ["lock"]:
            writeLock = new WriteLock(connectionString);
            Report.Line("locked");
            break;
        case ["unlock"]:
            writeLock?.Dispose();
            Report.Line("unlocked");
            break;
    }
}

Environment.Exit(0);
