using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>A message between persistent actors and the plug-ins.</summary>
internal interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>A journal's answer. It names the instance it is for: a restarted actor must not take its predecessor's.</summary>
internal interface IJournalResponse : IPersistenceMessage, IDeadLetterSuppression
{
    int ActorInstanceId { get; }
}

internal sealed record WriteMessages(
    IReadOnlyList<IPersistentEnvelope> Messages, IActorRef PersistentActor, int ActorInstanceId) : IPersistenceMessage;

/// <summary>Ends the answers to one <see cref="WriteMessages"/>.</summary>
internal sealed record WriteMessagesEnded(int ActorInstanceId) : IJournalResponse;

internal sealed record WriteMessageSuccess(IPersistentRepresentation Persistent, int ActorInstanceId)
    : IJournalResponse;

internal sealed record WriteMessageRejected(
    IPersistentRepresentation Persistent, Exception Cause, int ActorInstanceId) : IJournalResponse;

internal sealed record WriteMessageFailure(
    IPersistentRepresentation Persistent, Exception Cause, int ActorInstanceId) : IJournalResponse;

internal sealed record LoopMessageSuccess(object Message, int ActorInstanceId) : IJournalResponse;

internal sealed record ReplayMessages(
    long FromSequenceNr, long ToSequenceNr, long Max, string PersistenceId, IActorRef PersistentActor,
    int ActorInstanceId) : IPersistenceMessage;

internal sealed record ReplayedMessage(IPersistentRepresentation Persistent, int ActorInstanceId) : IJournalResponse;

internal sealed record RecoverySuccess(long HighestSequenceNr, int ActorInstanceId) : IJournalResponse;

internal sealed record ReplayMessagesFailure(Exception Cause, int ActorInstanceId) : IJournalResponse;

internal sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr, IActorRef PersistentActor)
    : IPersistenceMessage;

/// <summary>Says that messages were deleted.</summary>
public sealed class DeleteMessagesSuccess(long toSequenceNr) : IEquatable<DeleteMessagesSuccess>
{
    /// <summary>The last number deleted.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;

    /// <inheritdoc/>
    public bool Equals(DeleteMessagesSuccess? other) => other is not null && ToSequenceNr == other.ToSequenceNr;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeleteMessagesSuccess);

    /// <inheritdoc/>
    public override int GetHashCode() => ToSequenceNr.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"DeleteMessagesSuccess<toSequenceNr: {ToSequenceNr}>";
}

/// <summary>Says that messages could not be deleted.</summary>
public sealed class DeleteMessagesFailure(Exception cause, long toSequenceNr) : INoSerializationVerificationNeeded
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>The last number that was to be deleted.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;

    /// <inheritdoc/>
    public override string ToString() => $"DeleteMessagesFailure<toSequenceNr: {ToSequenceNr}, cause: {Cause.Message}>";
}
