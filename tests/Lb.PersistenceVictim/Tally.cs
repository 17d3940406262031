using Akka.Actor;
using Akka.Persistence;

namespace Lb.PersistenceVictim;

/// <summary>
/// Counts events and reports each when its handler has run. A flood goes on by itself: writes of one event and of
/// three in turn, a snapshot now and then and no events before it.
/// </summary>
internal sealed class Tally : ReceivePersistentActor
{
    private const int EventsBetweenSnapshots = 60;

    private TallyState _state = TallyState.Empty;

    public Tally(string id)
    {
        PersistenceId = id;
        Recover<Tallied>(e => _state = _state.With(e));
        Recover<SnapshotOffer>(offer => _state = (TallyState)offer.Snapshot);
        Recover<RecoveryCompleted>(_ => Report.Line($"recovered {id} {_state.Count} {_state.Digest}"));
        Command<Persist>(_ => Persist(Next(1), Apply));
        Command<Flood>(flood =>
        {
            var last = _state.Count + (_state.Count % 4 == 0 ? 1 : 3);
            PersistAll(Enumerable.Range(1, (int)(last - _state.Count)).Select(Next).ToArray(), e =>
            {
                Apply(e);
                if (e.Number == last)
                {
                    EndWrite(flood);
                }
            });
        });
        Command<SaveSnapshotSuccess>(saved => DeleteMessages(saved.Metadata.SequenceNr));
        Command<DeleteMessagesSuccess>(_ => { });
    }

    public override string PersistenceId { get; }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Report.Line($"failed {PersistenceId} {sequenceNr} {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Report.Line($"refused {PersistenceId} {reason.Message}");

    protected override void PostStop() => Report.Line($"stopped {PersistenceId}");

    private Tallied Next(int ahead) => new(_state.Count + ahead, Environment.ProcessId);

    private void Apply(Tallied e)
    {
        _state = _state.With(e);
        Report.Line($"ack {PersistenceId} {e.Number}");
    }

    private void EndWrite(Flood flood)
    {
        if (_state.Count % EventsBetweenSnapshots == 0)
        {
            SaveSnapshot(_state);
        }

        Self.Tell(flood);
    }

    internal sealed record Persist;

    internal sealed record Flood;
}
