using Akka.Actor;
using Akka.Persistence;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>
/// Adds up payments; a digest tells whether they came in their order. Failures go to the event stream as text.
/// </summary>
public sealed class Account : ReceivePersistentActor
{
    private readonly Recovery _recovery;
    private Total _total = new(0, 0);

    public Account(string id, Recovery? recovery = null)
    {
        PersistenceId = id;
        _recovery = recovery ?? Recovery.Default;
        Recover<Paid>(Apply);
        Recover<SnapshotOffer>(offer => _total = (Total)offer.Snapshot);
        Command<int>(amount => Persist(new Paid(amount), paid =>
        {
            Apply(paid);
            Sender.Tell(_total.Sum);
        }));
        Command<int[]>(amounts =>
        {
            var left = amounts.Length;
            PersistAll(amounts.Select(amount => new Paid(amount)), paid =>
            {
                Apply(paid);
                if (--left == 0)
                {
                    Sender.Tell(_total.Sum);
                }
            });
        });
        Command<Unknown>(unknown => Persist(unknown, _ => { }));
        Command<Delete>(delete => DeleteMessages(delete.To));
        Command<string>(text =>
        {
            switch (text)
            {
                case "sum":
                    Sender.Tell(_total.Sum);
                    break;
                case "total":
                    Sender.Tell(_total);
                    break;
                case "number":
                    Sender.Tell(LastSequenceNr);
                    break;
                case "save":
                    SaveSnapshot(_total);
                    break;
            }
        });
        CommandAny(Publish);
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery;

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Publish(cause.Message);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Publish(cause.Message);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Publish(reason.Message);

    private void Apply(Paid paid) =>
        _total = new Total(_total.Sum + paid.Amount, unchecked((_total.Digest * 31) + paid.Amount));

    private void Publish(object seen) => Context.System.EventStream.Publish(new Seen(seen));

    /// <summary>What an account saw.</summary>
    public sealed record Seen(object What);

    /// <summary>Deletes events.</summary>
    public sealed record Delete(long To);
}
