using Akka.Actor;
using Akka.Persistence;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>Adds up payments; failures go to the event stream as text.</summary>
public sealed class Account : ReceivePersistentActor
{
    private int _sum;

    public Account(string id)
    {
        PersistenceId = id;
        Recover<Paid>(paid => _sum += paid.Amount);
        Recover<SnapshotOffer>(offer => _sum = ((Total)offer.Snapshot).Sum);
        Command<int>(amount => Persist(new Paid(amount), paid =>
        {
            _sum += paid.Amount;
            Sender.Tell(_sum);
        }));
        Command<int[]>(amounts =>
        {
            var left = amounts.Length;
            PersistAll(amounts.Select(amount => new Paid(amount)), paid =>
            {
                _sum += paid.Amount;
                if (--left == 0)
                {
                    Sender.Tell(_sum);
                }
            });
        });
        Command<Unknown>(unknown => Persist(unknown, _ => { }));
        Command<string>(text =>
        {
            switch (text)
            {
                case "sum":
                    Sender.Tell(_sum);
                    break;
                case "save":
                    SaveSnapshot(new Total(_sum));
                    break;
                case "delete":
                    DeleteMessages(LastSequenceNr);
                    break;
            }
        });
        CommandAny(Publish);
    }

    public override string PersistenceId { get; }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Publish(cause.Message);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Publish(cause.Message);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Publish(reason.Message);

    private void Publish(object seen) => Context.System.EventStream.Publish(new Seen(seen));

    /// <summary>What an account saw.</summary>
    public sealed record Seen(object What);
}
