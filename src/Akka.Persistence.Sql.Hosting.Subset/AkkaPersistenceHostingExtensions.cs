using Akka.Hosting;

namespace Akka.Persistence.Hosting;

/// <summary>Configures persistence within the process, for tests.</summary>
public static class AkkaPersistenceHostingExtensions
{
    /// <summary>Makes a journal in memory the default.</summary>
    public static AkkaConfigurationBuilder WithInMemoryJournal(this AkkaConfigurationBuilder builder) =>
        builder.AddHocon(
            """
            akka.persistence.journal {
              plugin = akka.persistence.journal.inmem
              inmem.class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
            }
            """,
            HoconAddMode.Prepend);

    /// <summary>Adds a snapshot store in memory.</summary>
    public static AkkaConfigurationBuilder WithInMemorySnapshotStore(
        this AkkaConfigurationBuilder builder, string snapshotStoreId = "inmem", bool isDefaultPlugin = true)
    {
        var path = $"akka.persistence.snapshot-store.{snapshotStoreId}";
        builder.AddHocon(
            $"{path}.class = \"Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence\"",
            HoconAddMode.Prepend);
        return isDefaultPlugin
            ? builder.AddHocon($"akka.persistence.snapshot-store.plugin = {path}", HoconAddMode.Prepend)
            : builder;
    }
}
