using Akka.Actor;
using Akka.Persistence;

namespace Lb.Actors;

/// <summary>What a look at the end of a journal has come to.</summary>
/// <param name="Look">Which look.</param>
/// <param name="Number">Number of the last event; null when it could not be read.</param>
/// <param name="Problem">Why not.</param>
internal sealed record JournalEnd(long Look, long? Number, string? Problem);

/// <summary>Reads the number of a journal's last event, and ends.</summary>
internal sealed class JournalEndActor : ReceivePersistentActor
{
    private readonly string _id;
    private readonly long _look;

    public JournalEndActor(JournalPlace place, string id, long look)
    {
        _id = id;
        _look = look;
        JournalPluginId = place.JournalPlugin;
        SnapshotPluginId = place.SnapshotPlugin;
        Recover<RecoveryCompleted>(_ =>
        {
            Context.Parent.Tell(new JournalEnd(_look, LastSequenceNr, null));
            Context.Stop(Self);
        });
    }

    public override string PersistenceId => _id;

    public override Recovery Recovery => Recovery.None;

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.Parent.Tell(new JournalEnd(_look, null, reason.Message));
}
