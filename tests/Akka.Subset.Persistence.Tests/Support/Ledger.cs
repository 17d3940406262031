using Akka.Actor;
using Akka.Persistence;
using Akka.Subset.Tests.Support;

namespace Akka.Subset.Persistence.Tests.Support;

/// <summary>
/// Persists what its commands name and writes all that happens to it into a journal: C is a command, H the handler of
/// a stored event with its number, R a recovered event.
/// </summary>
public sealed class Ledger : ReceivePersistentActor
{
    private readonly Journal _seen;

    public Ledger(string id, Journal seen)
    {
        PersistenceId = id;
        _seen = seen;
        Recover<SnapshotOffer>(offer => seen.Add($"offer:{offer.Snapshot}#{offer.Metadata.SequenceNr}"));
        Recover<RecoveryCompleted>(_ => seen.Add("completed"));
        Recover<string>(e =>
        {
            seen.Add($"R:{e}#{LastSequenceNr}");
            if (e == "poison")
            {
                throw new InvalidOperationException("poison");
            }
        });
        Command<string>(Handle);
        CommandAsync<TaskCompletionSource>(async gate =>
        {
            seen.Add("C:await");
            await gate.Task;
            Persist("awaited", Stored);
        });
        CommandAny(other => seen.Add($"C:{other.GetType().Name}"));
    }

    public override string PersistenceId { get; }

    private void Handle(string command)
    {
        var words = command.Split(' ');
        switch (words)
        {
            case ["echo", var text]:
                Sender.Tell(text);
                return;
            case ["stash"]:
                if (LastSequenceNr == 0)
                {
                    Stash.Stash();
                    return;
                }

                break;
        }

        _seen.Add($"C:{command}");
        switch (words)
        {
            case ["persist", var e]:
                Persist(e, Stored);
                break;
            case ["all", .. var events]:
                PersistAll(events, Stored);
                break;
            case ["async", var e]:
                PersistAsync(e, Stored);
                break;
            case ["allasync", .. var events]:
                PersistAllAsync(events, Stored);
                break;
            case ["defer", var e]:
                DeferAsync(e, deferred => _seen.Add($"D:{deferred}"));
                break;
            case ["nest", var outer, var inner]:
                Persist(outer, stored =>
                {
                    Stored(stored);
                    Persist(inner, Stored);
                });
                break;
            case ["reply", var e]:
                Persist(e, stored => Sender.Tell(stored));
                break;
            case ["unstash", var e]:
                Persist(e, stored =>
                {
                    Stored(stored);
                    Stash.UnstashAll();
                });
                break;
            case ["snapshot"]:
                SaveSnapshot($"state{LastSequenceNr}");
                break;
            case ["delete", var to]:
                DeleteMessages(long.Parse(to));
                break;
            case ["throw", var e]:
                Persist(e, Stored);
                throw new InvalidOperationException("thrown");
        }
    }

    private void Stored(string e) => _seen.Add($"H:{e}#{LastSequenceNr}");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _seen.Add($"failure:{cause.Message}:{@event}#{sequenceNr}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _seen.Add($"rejected:{cause.Message}:{@event}#{sequenceNr}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _seen.Add($"recovery failure:{reason.GetType().Name}:{message ?? "none"}");

    protected override void OnReplaySuccess() => _seen.Add("replayed");

    protected override void PostStop() => _seen.Add("stopped");
}
