using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What an actor hands to its journal.</summary>
public interface IPersistentEnvelope
{
    /// <summary>The content.</summary>
    object Payload { get; }

    /// <summary>The sender of the command that led to it.</summary>
    IActorRef? Sender { get; }

    /// <summary>How many events it holds.</summary>
    int Size { get; }
}

/// <summary>An event with its place in a journal.</summary>
public interface IPersistentRepresentation
{
    /// <summary>Whether the event was marked as deleted.</summary>
    bool IsDeleted { get; }

    /// <summary>The manifest that an adapter gave the event; empty when there is none.</summary>
    string Manifest { get; }

    /// <summary>The event.</summary>
    object Payload { get; }

    /// <summary>The id of the persistent actor.</summary>
    string PersistenceId { get; }

    /// <summary>The sender of the command that led to the event.</summary>
    IActorRef? Sender { get; }

    /// <summary>The place of the event among those of its actor, from 1.</summary>
    long SequenceNr { get; }

    /// <summary>When the event was written, in the unit of the journal.</summary>
    long Timestamp { get; }

    /// <summary>The instance that wrote the event.</summary>
    string WriterGuid { get; }

    /// <summary>Returns a copy with another place.</summary>
    IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid);

    /// <summary>Returns a copy with another manifest.</summary>
    IPersistentRepresentation WithManifest(string manifest);

    /// <summary>Returns a copy with another event.</summary>
    IPersistentRepresentation WithPayload(object payload);

    /// <summary>Returns a copy with another time.</summary>
    IPersistentRepresentation WithTimestamp(long timestamp);
}

/// <summary>An event with its place in a journal.</summary>
public class Persistent : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    /// <summary>Creates it.</summary>
    public Persistent(
        object payload, long sequenceNr = 0, string? persistenceId = null, string? manifest = null,
        bool isDeleted = false, IActorRef? sender = null, string? writerGuid = null, long timestamp = 0)
    {
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    /// <summary>Stands for a text that was not given.</summary>
    public static string Undefined { get; } = string.Empty;

    /// <inheritdoc/>
    public bool IsDeleted { get; }

    /// <inheritdoc/>
    public string Manifest { get; }

    /// <inheritdoc/>
    public object Payload { get; }

    /// <inheritdoc/>
    public string PersistenceId { get; }

    /// <inheritdoc/>
    public IActorRef? Sender { get; }

    /// <inheritdoc/>
    public long SequenceNr { get; }

    /// <inheritdoc/>
    public long Timestamp { get; }

    /// <inheritdoc/>
    public string WriterGuid { get; }

    /// <inheritdoc/>
    public IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation WithManifest(string manifest) =>
        new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc/>
    [SuppressMessage("Naming", "CA1725", Justification = "The name is Akka.NET's API.")]
    public IPersistentRepresentation WithTimestamp(long newTimestamp) =>
        new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    /// <inheritdoc/>
    public bool Equals(IPersistentRepresentation? other) =>
        other is not null && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr
        && Manifest == other.Manifest && WriterGuid == other.WriterGuid && IsDeleted == other.IsDeleted
        && Equals(Payload, other.Payload) && Equals(Sender, other.Sender);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, WriterGuid);

    /// <inheritdoc/>
    public override string ToString() => $"Persistent<{PersistenceId}#{SequenceNr}: {Payload}>";
}

/// <summary>Events that are written together or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    private readonly IImmutableList<IPersistentRepresentation> _events;

    /// <summary>Creates a write of one event.</summary>
    public AtomicWrite(IPersistentRepresentation @event)
        : this(ImmutableList.Create(@event))
    {
    }

    /// <summary>Creates a write of events of one actor in their order.</summary>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload is not { Count: > 0 })
        {
            throw new ArgumentException("A write holds at least one event", nameof(payload));
        }

        _events = payload;
    }

    /// <summary>The number of the last event.</summary>
    public long HighestSequenceNr => _events[^1].SequenceNr;

    /// <summary>The number of the first event.</summary>
    public long LowestSequenceNr => _events[0].SequenceNr;

    /// <inheritdoc/>
    public object Payload => _events;

    /// <summary>The id of the persistent actor.</summary>
    public string PersistenceId => _events[0].PersistenceId;

    /// <inheritdoc/>
    public IActorRef? Sender => _events[0].Sender;

    /// <inheritdoc/>
    public int Size => _events.Count;

    internal IImmutableList<IPersistentRepresentation> Events => _events;

    /// <inheritdoc/>
    public override string ToString() => $"AtomicWrite<{PersistenceId}#{LowestSequenceNr}-{HighestSequenceNr}>";
}

/// <summary>What <see cref="Eventsourced.DeferAsync{TEvent}(TEvent, Action{TEvent})"/> sends through the journal.</summary>
internal sealed record NonPersistentMessage(object Payload, IActorRef? Sender) : IPersistentEnvelope
{
    public int Size => 1;
}
