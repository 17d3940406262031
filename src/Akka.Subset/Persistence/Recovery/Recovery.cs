using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Says from where and how far an actor recovers.</summary>
public sealed class Recovery
{
    /// <summary>Creates the default: the latest snapshot and all events behind it.</summary>
    public Recovery()
        : this(SnapshotSelectionCriteria.Latest)
    {
    }

    /// <summary>Creates a recovery from a snapshot.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot)
        : this(fromSnapshot, long.MaxValue)
    {
    }

    /// <summary>Creates a recovery from a snapshot up to a number.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr)
        : this(fromSnapshot, toSequenceNr, long.MaxValue)
    {
    }

    /// <summary>Creates a recovery.</summary>
    public Recovery(
        SnapshotSelectionCriteria? fromSnapshot = null, long toSequenceNr = long.MaxValue,
        long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>The latest snapshot and all events behind it.</summary>
    public static Recovery Default { get; } = new(SnapshotSelectionCriteria.Latest);

    /// <summary>No snapshot and no events; numbering goes on all the same.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0);

    /// <summary>The snapshot to begin with.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>How many events are replayed at most.</summary>
    public long ReplayMax { get; }

    /// <summary>The last number that is replayed.</summary>
    public long ToSequenceNr { get; }
}

/// <summary>Tells a persistent actor that its recovery has ended.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The one instance.</summary>
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecoveryCompleted;

    /// <inheritdoc/>
    public override int GetHashCode() => nameof(RecoveryCompleted).GetHashCode(StringComparison.Ordinal);
}

/// <summary>Says that a recovery got no event for too long.</summary>
public sealed class RecoveryTimedOutException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public RecoveryTimedOutException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public RecoveryTimedOutException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
