using Akka.Actor;
using Akka.Persistence;
using Lb.Actors.Wire;

namespace Lb.Actors;

/// <summary>
/// Keeps the tokens of the site as a journal of who made and revoked them. They change so seldom that it takes no
/// snapshots. When the journal fails it stops: what it knows may differ from what is stored.
/// </summary>
internal sealed class TokensActor : ReceivePersistentActor
{
    private readonly string _site;
    private TokenBook _book = TokenBook.Empty;

    // Whoever asked for what is being stored; meanwhile nothing else is decided.
    private IActorRef _asker = ActorRefs.Nobody;

    public TokensActor(string site)
    {
        _site = site;
        Recover<TokenAddedRecord>(stored => _book = _book.Apply(stored.ToEvent()));
        Recover<TokenRevokedRecord>(stored => _book = _book.Apply(stored.ToEvent()));
        Recover<RecoveryCompleted>(_ => Context.Parent.Tell(new TokensRecovered(_book)));
        Command<AddToken>(add => Decide(
            _book.Refusal(add.Token), new TokenEvent.Added(add.Token), TokenAddedRecord.Of(add.Token)));
        Command<RevokeToken>(revoke => Decide(
            _book.Refusal(revoke.Name),
            new TokenEvent.Revoked(revoke.Name, revoke.Info),
            TokenRevokedRecord.Of(revoke.Name, revoke.Info)));
    }

    public override string PersistenceId => $"site-tokens:{_site}";

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistFailure(cause, @event, sequenceNr);

        // The site first: what whoever asked sends it next must not come here any more.
        Context.Parent.Tell(new JournalFailed(cause.Message));
        _asker.Tell(new ConfigUnconfirmed(cause.Message));
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        _asker.Tell(new ConfigRefused([$"the journal cannot take it: {cause.Message}"]));
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        Context.Parent.Tell(new JournalFailed(reason.Message));
    }

    private void Decide(string? refusal, TokenEvent happens, object stored)
    {
        _asker = Sender;
        if (refusal is not null)
        {
            _asker.Tell(new ConfigRefused([refusal]));
            return;
        }

        Persist(stored, _ =>
        {
            _book = _book.Apply(happens);
            Context.Parent.Tell(new TokensRevised(_book, _asker));
        });
    }
}
