using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Akka.Subset.Persistence.Tests.Sql.Victims;
using Akka.Subset.Tests.Support;
using Lb.Persistence;
using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>A test with an empty database; systems and processes on it end with the test.</summary>
public abstract class SqlTest(TestDatabase database) : IAsyncLifetime
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly List<ActorSystem> _systems = [];
    private readonly List<Victim> _victims = [];

    protected TestDatabase Database => database;

    protected static JsonContracts Contracts => new JsonContracts()
        .Add("paid", 2, RecordsJson.Default.Paid)
        .AddEarlier("paid", 1, RecordsJson.Default.PaidV1, old => new Paid(int.Parse(old.Text)))
        .Add("total", 1, RecordsJson.Default.Total);

    public Task InitializeAsync() => database.CreateAsync();

    public virtual async Task DisposeAsync()
    {
        try
        {
            foreach (var victim in _victims)
            {
                await victim.DisposeAsync();
            }

            foreach (var system in _systems)
            {
                await EndAsync(system);
            }
        }
        finally
        {
            await database.DropAsync();
        }
    }

    /// <summary>Starts a system. More configuration goes before that of the plug-ins.</summary>
    protected ActorSystem NewSystem(string? connectionString = null, string more = "", Type? journal = null)
    {
        var store = $"connection-string = \"{connectionString ?? database.ConnectionString}\", "
            + $"provider-name = {database.Provider}";
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka { loggers = [], log-dead-letters = off }
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql { class = "{{(journal ?? typeof(SqlWriteJournal)).AssemblyQualifiedName}}", {{store}} }
            }
            akka.persistence.snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql { class = "{{typeof(SqlSnapshotStore).AssemblyQualifiedName}}", {{store}} }
            }
            """);
        var system = ActorSystem.Create(
            "sql",
            ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(more).WithFallback(config)),
                JsonContractSerializer.Setup(Contracts)));
        _systems.Add(system);
        return system;
    }

    /// <summary>Starts a process on the database.</summary>
    protected Victim NewVictim(string? connectionString = null)
    {
        var victim = Victim.Start(database.Provider, connectionString ?? database.ConnectionString);
        _victims.Add(victim);
        return victim;
    }

    protected static IActorRef Open(ActorSystem system, string id, Akka.Persistence.Recovery? recovery = null) =>
        system.ActorOf(Props.Create(() => new Account(id, recovery)));

    protected static Task<T> AskAsync<T>(IActorRef account, object command) => account.Ask<T>(command, Deadline);

    protected static Task<int> AskAsync(IActorRef account, object command) => AskAsync<int>(account, command);

    /// <summary>Returns a probe that gets what accounts see.</summary>
    protected static Probe Watch(ActorSystem system)
    {
        var probe = new Probe(system);
        system.EventStream.Subscribe(probe.Ref, typeof(Account.Seen));
        return probe;
    }

    /// <summary>Opens an account that must fail and stop; returns why.</summary>
    protected static async Task<string> OpenInVainAsync(ActorSystem system, string id)
    {
        var seen = Watch(system);
        var account = Open(system, id);
        await seen.Watch(account);
        var (why, stopped) = (string.Empty, false);
        while (why.Length == 0 || !stopped)
        {
            switch (await seen.Expect<object>())
            {
                case Account.Seen { What: string text }:
                    why = text;
                    break;
                case Terminated:
                    stopped = true;
                    break;
            }
        }

        return why;
    }

    protected static async Task EndAsync(ActorSystem system)
    {
        ((ExtendedActorSystem)system).Abort();
        await system.WhenTerminated.WaitAsync(Deadline);
    }
}
