using System.Net;

namespace Lb.Actors;

/// <summary>Who holds a VIP, as far as a node knows. Of two claims the higher one is right, on every node.</summary>
/// <param name="Vip">The VIP.</param>
/// <param name="Holder">Who holds it; null when it was given up and nobody has taken it.</param>
/// <param name="Term">Higher than that of any claim before it.</param>
internal sealed record VipClaim(IPAddress Vip, string? Holder, long Term)
{
    /// <summary>The holder wants another to take it, and holds it until then.</summary>
    public bool IsOffered { get; init; }

    /// <summary>Whether it is higher than another claim to the same VIP.</summary>
    public bool IsAbove(VipClaim? other) =>
        other is null
        || Term > other.Term
        || (Term == other.Term && string.CompareOrdinal(Holder, other.Holder) > 0);
}
