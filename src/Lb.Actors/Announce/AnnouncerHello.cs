using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>What announcers tell each other, several times a second.</summary>
internal sealed record AnnouncerHello
{
    /// <summary>Which life of the sender it is: another one each time it starts.</summary>
    public required uint Life { get; init; }

    /// <summary>Grows with each round of messages of a life.</summary>
    public required uint Round { get; init; }

    /// <summary>Which message of its round it is, from 0.</summary>
    public byte Part { get; init; }

    /// <summary>How many messages the round has; all together say all that the sender holds.</summary>
    public byte Parts { get; init; } = 1;

    /// <summary>The sender could hold more VIPs.</summary>
    public bool IsAble { get; init; }

    /// <summary>What the sender holds.</summary>
    public ImmutableArray<HelloClaim> Claims { get; init; } = [];

    /// <summary>Whom the sender has heard of lately.</summary>
    public ImmutableArray<HelloSight> Seen { get; init; } = [];

    /// <summary>What others hold, told to somebody who seems not to know; no part of what the sender holds.</summary>
    public ImmutableArray<VipClaim> Others { get; init; } = [];
}

/// <summary>A VIP that the sender holds.</summary>
/// <param name="Vip">The VIP.</param>
/// <param name="Term">The term of the claim.</param>
/// <param name="IsOffered">Another is to take it.</param>
internal readonly record struct HelloClaim(IPAddress Vip, long Term, bool IsOffered);

/// <summary>A node that the sender has heard of.</summary>
/// <param name="Node">What stands for its address.</param>
/// <param name="Age">How long ago it gave a sign of life, to the sender's knowledge.</param>
internal readonly record struct HelloSight(uint Node, TimeSpan Age);
