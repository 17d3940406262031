using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in who may use its API: it knows the tokens also while the journal is away.</summary>
public sealed partial class SiteActor
{
    // What is known of them; null until the journal has told it.
    private TokenBook? _tokens;

    // Why none can be made or revoked; null when they can.
    private string? _tokensProblem = "the journal is still being read";

    private void OnTokensRecovered(TokensRecovered recovered)
    {
        _tokens = recovered.Book;
        _tokensProblem = null;
    }

    private void OnTokensRevised(TokensRevised revised)
    {
        _tokens = revised.Book;
        revised.Asker.Tell(revised.Book);
    }

    private void OnTokensFailed(string reason)
    {
        if (_tokensProblem != reason)
        {
            _log.TokensFailed(_memory.Site, reason);
        }

        _tokensProblem = reason;
    }

    private void OnGetTokens() =>
        Sender.Tell(_tokens as object ?? new ConfigUnavailable(_tokensProblem ?? "it has not answered yet"));

    private void ToTokens(object command)
    {
        if (_tokensProblem is null)
        {
            _journal.Running[JournalUser.Tokens].Forward(command);
        }
        else
        {
            Sender.Tell(new ConfigUnavailable(_tokensProblem));
        }
    }
}
