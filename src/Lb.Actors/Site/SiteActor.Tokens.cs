using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in who may use its API: it knows the tokens also while the journal is away.</summary>
public sealed partial class SiteActor
{
    private readonly IActorRef _tokenDesk;

    // What is known of them; null until the journal has told it.
    private TokenBook? _tokens;

    // Why none can be made or revoked; null when they can.
    private string? _tokensProblem = "the journal is still being read";

    private void OnTokensKnown(TokenBook book)
    {
        _tokens = book;
        _tokensProblem = null;
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
}
