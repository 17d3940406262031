namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store that lasts as long as its system.</summary>
public class MemorySnapshotStore : SnapshotStore
{
    private readonly Lock _lock = new();
    private readonly List<SelectedSnapshot> _snapshots = [];

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_snapshots
                .Where(kept => IsMeant(kept.Metadata, persistenceId, criteria))
                .MaxBy(kept => kept.Metadata.SequenceNr));
        }
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(
        SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Remove(metadata);
            _snapshots.Add(new SelectedSnapshot(metadata, snapshot));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Remove(metadata);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _snapshots.RemoveAll(kept => IsMeant(kept.Metadata, persistenceId, criteria));
        }

        return Task.CompletedTask;
    }

    private static bool IsMeant(SnapshotMetadata kept, string persistenceId, SnapshotSelectionCriteria criteria) =>
        kept.PersistenceId == persistenceId && criteria.IsMatch(kept.SequenceNr, kept.Timestamp);

    private void Remove(SnapshotMetadata metadata) =>
        _snapshots.RemoveAll(kept =>
            kept.Metadata.PersistenceId == metadata.PersistenceId && kept.Metadata.SequenceNr == metadata.SequenceNr);
}

/// <summary>Stands where no snapshot store is configured: there are no snapshots and saving one fails.</summary>
public sealed class NoSnapshotStore : SnapshotStore
{
    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.FromResult<SelectedSnapshot?>(null);

    /// <inheritdoc/>
    protected override Task SaveAsync(
        SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) => Refuse();

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) => Refuse();

    /// <inheritdoc/>
    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) => Refuse();

    private static Task Refuse() => Task.FromException(new NoSnapshotStoreException(
        "No snapshot store is configured: set akka.persistence.snapshot-store.plugin"));

    /// <summary>Thrown for a request that needs a snapshot store where none is configured.</summary>
    public class NoSnapshotStoreException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public NoSnapshotStoreException()
        {
        }

        /// <summary>Creates the exception.</summary>
        public NoSnapshotStoreException(string message)
            : base(message)
        {
        }

        /// <summary>Creates the exception.</summary>
        public NoSnapshotStoreException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}
