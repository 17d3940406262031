using Lb.Actors.Wire;

namespace Lb.Actors;

/// <summary>
/// Keeps the tokens of the site as a journal of who made and revoked them. They change so seldom that it takes no
/// snapshots.
/// </summary>
internal sealed class TokensActor : JournalWorker
{
    private readonly JournalPlace _place;
    private TokenBook _book = TokenBook.Empty;

    public TokensActor(JournalStart start)
        : base(start)
    {
        _place = start.Place;
        Recover<TokenAddedRecord>(OnRead);
        Recover<TokenRevokedRecord>(OnRead);
    }

    public override string PersistenceId => IdOf(_place);

    /// <summary>The id of a site's tokens in the journal.</summary>
    public static string IdOf(JournalPlace place) => $"site-tokens:{place.Name}";

    protected override void Decide(JournalRequest request)
    {
        switch (request.Command)
        {
            case AddToken add:
                Decide(_book.Refusal(add.Token), TokenAddedRecord.Of(add.Token));
                break;
            case RevokeToken revoke:
                Decide(_book.Refusal(revoke.Name), TokenRevokedRecord.Of(revoke.Name, revoke.Info));
                break;
        }
    }

    protected override void OnStored(object stored) => _book = _book.Apply(EventOf(stored));

    protected override object Known(JournalWrite? stored) => _book;

    /// <summary>A token has an id of its own, and who takes one back does it at a time of their own.</summary>
    protected override bool IsOf(object read, Guid request, object stored) => read.Equals(stored);

    private void OnRead(object stored)
    {
        OnStored(stored);
        Saw(stored);
    }

    private void Decide(string? refusal, object happens)
    {
        if (refusal is not null)
        {
            Answer(new ConfigRefused([refusal]));
        }
        else
        {
            Store(happens, _book.Apply(EventOf(happens)));
        }
    }

    private static TokenEvent EventOf(object stored) => stored switch
    {
        TokenAddedRecord added => added.ToEvent(),
        TokenRevokedRecord revoked => revoked.ToEvent(),
        _ => throw new ArgumentException($"{stored} is no event of a token.", nameof(stored)),
    };
}
