namespace Lb.Actors;

/// <summary>What happened to the tokens of a site.</summary>
public abstract record TokenEvent
{
    private TokenEvent()
    {
    }

    /// <summary>A token was made.</summary>
    /// <param name="Token">It.</param>
    public sealed record Added(AccessToken Token) : TokenEvent;

    /// <summary>A token was taken back.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Info">Who, when, from where and why.</param>
    public sealed record Revoked(string Name, ChangeInfo Info) : TokenEvent;
}
