using System.Diagnostics.CodeAnalysis;

namespace Akka.Persistence.Hosting;

/// <summary>Which of the two plug-ins are configured.</summary>
public enum PersistenceMode
{
    /// <summary>The journal and the snapshot store.</summary>
    Both = 0,

    /// <summary>The journal alone.</summary>
    Journal = 1,

    /// <summary>The snapshot store alone.</summary>
    SnapshotStore = 2,
}

/// <summary>Says more about a journal; there is nothing that Lb says.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "It stands in the signature of Akka.NET.")]
public sealed class AkkaPersistenceJournalBuilder
{
    internal AkkaPersistenceJournalBuilder()
    {
    }
}

/// <summary>Says more about a snapshot store; there is nothing that Lb says.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "It stands in the signature of Akka.NET.")]
public sealed class AkkaPersistenceSnapshotBuilder
{
    internal AkkaPersistenceSnapshotBuilder()
    {
    }
}
