namespace Akka.Persistence;

/// <summary>Names an actor's data and where it is kept.</summary>
public interface IPersistentIdentity
{
    /// <summary>The id of the data: the same for every life of the actor, and no other actor's.</summary>
    string PersistenceId { get; }

    /// <summary>The path of the journal's configuration; null or nothing means the default.</summary>
    string? JournalPluginId { get; }

    /// <summary>The path of the snapshot store's configuration; null or nothing means the default.</summary>
    string? SnapshotPluginId { get; }
}

/// <summary>Says how an actor recovers.</summary>
public interface IPersistenceRecovery
{
    /// <summary>From where and how far.</summary>
    Recovery Recovery { get; }
}
