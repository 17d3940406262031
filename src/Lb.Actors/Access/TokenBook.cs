using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The tokens of a site: those that hold by name, and the last ones that were taken back.</summary>
/// <param name="Tokens">Tokens that were not taken back; some may have expired.</param>
/// <param name="Revoked">Tokens that were, oldest first.</param>
public sealed record TokenBook(
    ImmutableSortedDictionary<string, AccessToken> Tokens, ImmutableArray<AccessToken> Revoked)
{
    /// <summary>Largest number of tokens.</summary>
    public const int Most = 1000;

    /// <summary>So many of those that were taken back are remembered; the journal has them all.</summary>
    public const int MostRevoked = 200;

    /// <summary>No token.</summary>
    public static TokenBook Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, AccessToken>(StringComparer.Ordinal), []);

    /// <summary>Why a token cannot be made; null when it can.</summary>
    public string? Refusal(AccessToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Tokens.ContainsKey(token.Name) ? $"there is a token {token.Name} already: revoke it first, or choose another name"
            : Tokens.Count >= Most ? $"there are {Most} tokens, which is the most: revoke those that nobody uses"
            : null;
    }

    /// <summary>Why a token cannot be taken back; null when it can.</summary>
    public string? Refusal(string name) => Tokens.ContainsKey(name) ? null : $"there is no token {name}";

    /// <summary>The tokens after an event.</summary>
    public TokenBook Apply(TokenEvent happened) => happened switch
    {
        TokenEvent.Added added => this with { Tokens = Tokens.SetItem(added.Token.Name, added.Token) },
        TokenEvent.Revoked revoked when Tokens.TryGetValue(revoked.Name, out AccessToken? token) => new TokenBook(
            Tokens.Remove(revoked.Name),
            [
                .. Revoked.Skip(Math.Max(0, Revoked.Length - MostRevoked + 1)),
                token with { Revoked = revoked.Info },
            ]),
        _ => this,
    };

    /// <summary>The token with an id; null when there is none, or it was taken back.</summary>
    public AccessToken? Find(string id) => Tokens.Values.FirstOrDefault(token => token.Id == id);
}
