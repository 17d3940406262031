using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Persistence;

namespace Lb.ActorBench.Persistence;

/// <summary>An event of usual size: who did what to which backend, and why.</summary>
internal sealed record WeightChanged(string Backend, int Weight, string By, string Reason);

/// <summary>Asks an actor to persist that event.</summary>
internal sealed record ChangeWeight(WeightChanged Event);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict)]
[JsonSerializable(typeof(WeightChanged))]
internal sealed partial class RecordsJson : JsonSerializerContext;

/// <summary>Persists one event for each command; the next command waits until it is durable.</summary>
internal sealed class Saver : ReceivePersistentActor
{
    private readonly Counter _persisted;
    private readonly Dictionary<string, int> _weights = new(StringComparer.Ordinal);

    public Saver(string id, Counter persisted)
    {
        PersistenceId = id;
        _persisted = persisted;
        Recover<WeightChanged>(Apply);
        Command<ChangeWeight>(command => Persist(command.Event, OnPersisted));
    }

    public override string PersistenceId { get; }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _persisted.Fail(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _persisted.Fail(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _persisted.Fail(reason);

    private void OnPersisted(WeightChanged changed)
    {
        Apply(changed);
        _persisted.Add();
    }

    private void Apply(WeightChanged changed) => _weights[changed.Backend] = changed.Weight;
}
