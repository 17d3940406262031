using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

internal sealed record LoadSnapshot(
    string PersistenceId, SnapshotSelectionCriteria Criteria, long ToSequenceNr, int? RecoveringInstanceId)
    : IPersistenceMessage;

internal sealed record SaveSnapshot(SnapshotMetadata Metadata, object Snapshot) : IPersistenceMessage;

internal sealed record DeleteSnapshot(SnapshotMetadata Metadata) : IPersistenceMessage;

internal sealed record DeleteSnapshots(string PersistenceId, SnapshotSelectionCriteria Criteria) : IPersistenceMessage;

/// <summary>Answers the recovery of an instance: a snapshot, nothing, or a failure.</summary>
internal sealed record RecoverySnapshot(SelectedSnapshot? Snapshot, Exception? Failure, int ActorInstanceId)
    : IPersistenceMessage, IDeadLetterSuppression;

/// <summary>Answers <see cref="Eventsourced.LoadSnapshot"/>.</summary>
public sealed class LoadSnapshotResult(SelectedSnapshot? snapshot, long toSequenceNr) : INoSerializationVerificationNeeded
{
    /// <summary>The snapshot, or null when there is none.</summary>
    public SelectedSnapshot? Snapshot { get; } = snapshot;

    /// <summary>The highest number asked for.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;
}

/// <summary>Says that a snapshot could not be loaded.</summary>
public sealed class LoadSnapshotFailed(Exception cause) : INoSerializationVerificationNeeded
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Says that a snapshot was saved.</summary>
public sealed class SaveSnapshotSuccess(SnapshotMetadata metadata) : INoSerializationVerificationNeeded
{
    /// <summary>The snapshot's name.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <inheritdoc/>
    public override string ToString() => $"SaveSnapshotSuccess<{Metadata}>";
}

/// <summary>Says that a snapshot could not be saved.</summary>
public sealed class SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause) : INoSerializationVerificationNeeded
{
    /// <summary>The snapshot's name.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;

    /// <inheritdoc/>
    public override string ToString() => $"SaveSnapshotFailure<{Metadata}, cause: {Cause.Message}>";
}

/// <summary>Says that a snapshot was deleted.</summary>
public sealed class DeleteSnapshotSuccess(SnapshotMetadata metadata) : INoSerializationVerificationNeeded
{
    /// <summary>The snapshot's name.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;
}

/// <summary>Says that a snapshot could not be deleted.</summary>
public sealed class DeleteSnapshotFailure(SnapshotMetadata metadata, Exception cause)
    : INoSerializationVerificationNeeded
{
    /// <summary>The snapshot's name.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Says that snapshots were deleted.</summary>
public sealed class DeleteSnapshotsSuccess(SnapshotSelectionCriteria criteria) : INoSerializationVerificationNeeded
{
    /// <summary>Which.</summary>
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
}

/// <summary>Says that snapshots could not be deleted.</summary>
public sealed class DeleteSnapshotsFailure(SnapshotSelectionCriteria criteria, Exception cause)
    : INoSerializationVerificationNeeded
{
    /// <summary>Which.</summary>
    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}
