using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>What a node knows of itself and of the site when it decides who holds what.</summary>
/// <param name="Vips">The VIPs of the site.</param>
/// <param name="Members">Where the other nodes are.</param>
/// <param name="IsAble">The node is in and forwards: it may take a VIP.</param>
/// <param name="IsDraining">It is to be rid of those that it has.</param>
/// <param name="TermFloor">No claim of this node has a lower term.</param>
internal sealed record AnnouncerInput(
    ImmutableHashSet<IPAddress> Vips, ImmutableArray<string> Members, bool IsAble, bool IsDraining, long TermFloor)
{
    /// <summary>VIPs go to the node that is first in order for them, once it has been there for a while.</summary>
    public bool Prefers { get; init; }

    /// <summary>VIPs that the node could not answer for: where they belong, no cable is in.</summary>
    public ImmutableHashSet<IPAddress> Blocked { get; init; } = [];
}

/// <summary>What the rule wants done.</summary>
internal abstract record AnnouncerEffect
{
    /// <summary>Tells another node something.</summary>
    internal sealed record Send(string To, AnnouncerHello Hello) : AnnouncerEffect;

    /// <summary>The node answers for the VIP from now on.</summary>
    internal sealed record Took(VipClaim Claim, string? From) : AnnouncerEffect;

    /// <summary>The node answers for it no longer; the claim says who does.</summary>
    internal sealed record Gave(VipClaim Claim) : AnnouncerEffect;
}
