using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace Lb.Actors;

/// <summary>
/// What persistent actors of this process have known last. One that is to read what others have stored meanwhile begins
/// there, and not with a snapshot in the database.
/// </summary>
public sealed class KnownStates : IExtension
{
    private readonly ConcurrentDictionary<string, SelectedSnapshot> _states = new(StringComparer.Ordinal);

    /// <summary>Keeps a state in place of the one before.</summary>
    internal void Put(string persistenceId, long number, object state) => _states[persistenceId] =
        new SelectedSnapshot(new SnapshotMetadata(persistenceId, number, DateTime.UnixEpoch), state);

    /// <summary>The state of an actor; null when there is none up to that number.</summary>
    internal SelectedSnapshot? Find(string persistenceId, long most) =>
        _states.TryGetValue(persistenceId, out SelectedSnapshot? known) && known.Metadata.SequenceNr <= most ? known : null;
}

/// <summary>Finds the known states of a system.</summary>
public sealed class KnownStatesProvider : ExtensionIdProvider<KnownStates>
{
    /// <summary>The one instance.</summary>
    public static KnownStatesProvider Instance { get; } = new();

    /// <inheritdoc/>
    public override KnownStates CreateExtension(ExtendedActorSystem system) => new();
}

/// <summary>Offers actors what they have known last. Nothing is saved here.</summary>
public sealed class KnownSnapshotStore : SnapshotStore
{
    private readonly KnownStates _states = KnownStatesProvider.Instance.Apply(Context.System);

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return Task.FromResult(_states.Find(persistenceId, criteria.MaxSequenceNr));
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) => Task.CompletedTask;
}
