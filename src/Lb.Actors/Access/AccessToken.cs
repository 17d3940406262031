using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>A secret that lets its holder in. The secret itself is known to its holder alone.</summary>
/// <param name="Name">What it is called; stands in the history for whoever uses it.</param>
/// <param name="Id">The part of the token that is no secret.</param>
/// <param name="Hash">SHA-256 of the secret part, 32 bytes. It is drawn at random, so it needs no salt.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Expires">When it ends by itself; null for never.</param>
/// <param name="Added">Who made it, when, from where and why.</param>
/// <param name="Revoked">Who took it back; null while it holds.</param>
public sealed record AccessToken(
    string Name,
    string Id,
    ImmutableArray<byte> Hash,
    AccessRole Role,
    DateTimeOffset? Expires,
    ChangeInfo Added,
    ChangeInfo? Revoked = null)
{
    /// <summary>Whether it lets its holder in at a time.</summary>
    public bool Holds(DateTimeOffset now) => Revoked is null && !HasExpired(now);

    /// <summary>Whether its time is over.</summary>
    public bool HasExpired(DateTimeOffset now) => Expires is { } expires && expires <= now;
}
