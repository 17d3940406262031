using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace Akka.Persistence;

/// <summary>Finds the persistence of a system.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    /// <summary>The one instance.</summary>
    public static Persistence Instance { get; } = new();

    /// <inheritdoc/>
    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>The journals and snapshot stores of a system, made when they are first needed.</summary>
public class PersistenceExtension : IExtension
{
    private const string MemoryJournalId = "akka.persistence.journal.inmem";
    private const string MemorySnapshotStoreId = "akka.persistence.snapshot-store.inmem";
    private const string NoSnapshotStoreId = "akka.persistence.no-snapshot-store";

    private readonly ExtendedActorSystem _system;
    private readonly Config _config;
    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _plugins = new(StringComparer.Ordinal);

    /// <summary>Creates the extension.</summary>
    public PersistenceExtension(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        _system = system;
        _config = system.Settings.Config;
        var limit = _config.GetInt("akka.persistence.max-concurrent-recoveries", 50);
        if (limit < 1)
        {
            throw new ConfigurationException(
                $"akka.persistence.max-concurrent-recoveries must be at least 1, but it is {limit}");
        }

        RecoveryPermitter = system.SystemActorOf(
            Props.Create(() => new RecoveryPermitter(limit)), "recoveryPermitter");
    }

    internal IActorRef RecoveryPermitter { get; }

    /// <summary>Returns a journal; null or nothing means the default.</summary>
    public IActorRef JournalFor(string? journalPluginId) =>
        PluginFor(JournalIdOrDefault(journalPluginId), "akka.persistence.journal-plugin-fallback");

    /// <summary>Returns a snapshot store; null or nothing means the default.</summary>
    public IActorRef SnapshotStoreFor(string? snapshotPluginId) =>
        PluginFor(SnapshotStoreIdOrDefault(snapshotPluginId), "akka.persistence.snapshot-store-plugin-fallback");

    /// <summary>Returns an id made of the path of an actor.</summary>
    public string PersistenceId(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Path.ToStringWithoutAddress();
    }

    /// <summary>How long a recovery waits for the next event of a journal.</summary>
    internal TimeSpan RecoveryEventTimeout(string? journalPluginId) =>
        PluginConfig(JournalIdOrDefault(journalPluginId), "akka.persistence.journal-plugin-fallback")
            .GetTimeSpan("recovery-event-timeout", TimeSpan.FromSeconds(30));

    /// <summary>Whether a recovery goes on from the events alone when the snapshot cannot be loaded.</summary>
    internal bool SnapshotIsOptional(string? snapshotPluginId) =>
        PluginConfig(SnapshotStoreIdOrDefault(snapshotPluginId), "akka.persistence.snapshot-store-plugin-fallback")
            .GetBoolean("snapshot-is-optional");

    private string JournalIdOrDefault(string? id) =>
        FirstGiven(id, _config.GetString("akka.persistence.journal.plugin"), MemoryJournalId);

    private string SnapshotStoreIdOrDefault(string? id) =>
        FirstGiven(id, _config.GetString("akka.persistence.snapshot-store.plugin"), NoSnapshotStoreId);

    private static string FirstGiven(params string?[] values) => values.First(value => !string.IsNullOrEmpty(value))!;

    private Config PluginConfig(string id, string fallback) =>
        _config.GetConfig(id).WithFallback(_config.GetConfig(fallback));

    private IActorRef PluginFor(string id, string fallback) =>
        _plugins.GetOrAdd(id, added => new Lazy<IActorRef>(() => Start(added, fallback))).Value;

    private IActorRef Start(string id, string fallback)
    {
        var config = PluginConfig(id, fallback);
        var type = FindType(id, config.GetString("class"));
        var props = type.GetConstructor([typeof(Config)]) is null
            ? Props.Create(type)
            : Props.Create(type, config);
        return _system.SystemActorOf(props, id);
    }

    private static Type FindType(string id, string? name) => name is null
        ? id switch
        {
            MemoryJournalId => typeof(MemoryJournal),
            MemorySnapshotStoreId => typeof(MemorySnapshotStore),
            NoSnapshotStoreId => typeof(NoSnapshotStore),
            _ => throw new ArgumentException($"[{id}.class] is not configured: it names the class of the plug-in"),
        }
        : Type.GetType(name, throwOnError: false)

            // The name may carry the assembly of the official package.
            ?? AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetType(name.Split(',')[0].Trim(), throwOnError: false))
                .FirstOrDefault(found => found is not null)
            ?? throw new ArgumentException($"[{id}.class] names [{name}], which cannot be found");
}
