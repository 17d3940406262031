namespace Akka.Persistence;

/// <summary>Names a snapshot.</summary>
public sealed class SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    : IEquatable<SnapshotMetadata>
{
    /// <summary>The id of the persistent actor.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The last event that the snapshot holds.</summary>
    public long SequenceNr { get; } = sequenceNr;

    /// <summary>When it was taken.</summary>
    public DateTime Timestamp { get; } = timestamp;

    /// <inheritdoc/>
    public bool Equals(SnapshotMetadata? other) =>
        other is not null && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr
        && Timestamp == other.Timestamp;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SnapshotMetadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Timestamp);

    /// <inheritdoc/>
    public override string ToString() =>
        $"SnapshotMetadata<pid: {PersistenceId}, seqNr: {SequenceNr}, timestamp: {Timestamp:O}>";
}

/// <summary>Says which snapshots are meant; the newest of them is loaded.</summary>
public sealed class SnapshotSelectionCriteria : IEquatable<SnapshotSelectionCriteria>
{
    /// <summary>Creates criteria on the number alone.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr)
        : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    /// <summary>Creates criteria.</summary>
    public SnapshotSelectionCriteria(
        long maxSequenceNr, DateTime maxTimeStamp, long minSequenceNr = 0, DateTime? minTimestamp = null)
    {
        MaxSequenceNr = maxSequenceNr;
        MaxTimeStamp = maxTimeStamp;
        MinSequenceNr = minSequenceNr;
        MinTimestamp = minTimestamp ?? DateTime.MinValue;
    }

    /// <summary>Means all snapshots.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue);

    /// <summary>Means no snapshot.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);

    /// <summary>The highest number meant.</summary>
    public long MaxSequenceNr { get; }

    /// <summary>The latest time meant.</summary>
    public DateTime MaxTimeStamp { get; }

    /// <summary>The lowest number meant.</summary>
    public long MinSequenceNr { get; }

    /// <summary>The earliest time meant.</summary>
    public DateTime? MinTimestamp { get; }

    internal bool IsMatch(long sequenceNr, DateTime timestamp) =>
        sequenceNr <= MaxSequenceNr && timestamp <= MaxTimeStamp && sequenceNr >= MinSequenceNr
        && timestamp >= MinTimestamp;

    internal SnapshotSelectionCriteria Limit(long toSequenceNr) => toSequenceNr < MaxSequenceNr
        ? new SnapshotSelectionCriteria(toSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp)
        : this;

    /// <inheritdoc/>
    public bool Equals(SnapshotSelectionCriteria? other) =>
        other is not null && MaxSequenceNr == other.MaxSequenceNr && MaxTimeStamp == other.MaxTimeStamp
        && MinSequenceNr == other.MinSequenceNr && MinTimestamp == other.MinTimestamp;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SnapshotSelectionCriteria);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp);

    /// <inheritdoc/>
    public override string ToString() =>
        $"SnapshotSelectionCriteria<seqNr: {MinSequenceNr}-{MaxSequenceNr}, time: {MinTimestamp:O}-{MaxTimeStamp:O}>";
}

/// <summary>A snapshot that was loaded.</summary>
public sealed class SelectedSnapshot(SnapshotMetadata metadata, object snapshot)
{
    /// <summary>Its name.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>Its content.</summary>
    public object Snapshot { get; } = snapshot;
}

/// <summary>Offers a recovering actor a snapshot of its state.</summary>
public sealed class SnapshotOffer(SnapshotMetadata metadata, object snapshot)
{
    /// <summary>The snapshot's name.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>The snapshot's content.</summary>
    public object Snapshot { get; } = snapshot;

    /// <inheritdoc/>
    public override string ToString() => $"SnapshotOffer<{Metadata}>";
}
