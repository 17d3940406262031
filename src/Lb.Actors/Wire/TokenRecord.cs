namespace Lb.Actors.Wire;

/// <summary>Who did something, as it is stored.</summary>
internal sealed record DeedRecord(string Who, string From, string Why, DateTimeOffset When)
{
    public static DeedRecord Of(ChangeInfo info) => new(info.Who, info.From, info.Why, info.When.ToUniversalTime());

    public ChangeInfo ToInfo() => new(ChangeOrigin.Runtime, Who, From, Why, When);
}

/// <summary>A token that was made, as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">The part of it that is no secret.</param>
/// <param name="Sha256">Hash of its secret, in hexadecimal.</param>
/// <param name="Role">read, operate or admin.</param>
/// <param name="By">Who made it.</param>
/// <param name="Expires">When it ends by itself; null for never.</param>
internal sealed record TokenAddedRecord(
    string Name, string Id, string Sha256, string Role, DeedRecord By, DateTimeOffset? Expires = null)
{
    public static TokenAddedRecord Of(AccessToken token) => new(
        token.Name,
        token.Id,
        Convert.ToHexStringLower(token.Hash.AsSpan()),
        Words.Roles.Of(token.Role),
        DeedRecord.Of(token.Added),
        token.Expires?.ToUniversalTime());

    public TokenEvent ToEvent() => new TokenEvent.Added(new AccessToken(
        Name, Id, [.. Convert.FromHexString(Sha256)], Words.Roles.Parse(Role), Expires, By.ToInfo()));
}

/// <summary>A token that was taken back, as it is stored.</summary>
internal sealed record TokenRevokedRecord(string Name, DeedRecord By)
{
    public static TokenRevokedRecord Of(string name, ChangeInfo info) => new(name, DeedRecord.Of(info));

    public TokenEvent ToEvent() => new TokenEvent.Revoked(Name, By.ToInfo());
}
