using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>Takes VIPs from this node, or lets it have them again. Answered by <see cref="AnnouncerSnapshot"/>.</summary>
/// <param name="Drains">Whether the node is to be rid of them. It holds until it is undone or the process ends.</param>
public sealed record DrainVips(bool Drains);

/// <summary>The process will end: answered by <see cref="VipsHandedOver"/> when others have its VIPs, or nobody will.</summary>
public sealed record HandOverVips;

/// <summary>What became of it.</summary>
/// <param name="Held">VIPs that the node still has since nobody else took them.</param>
public sealed record VipsHandedOver(int Held);

/// <summary>The next process of this host goes on with the VIPs: they stay where they are.</summary>
public sealed record LeaveVips;

/// <summary>What a node announces and knows of what others announce.</summary>
/// <param name="Mode">How.</param>
/// <param name="Self">Where the node is, as other nodes know it; null when it is alone.</param>
/// <param name="IsDraining">It is to be rid of its VIPs.</param>
/// <param name="Problem">Why it cannot take any; null when it can.</param>
/// <param name="Vips">VIPs in the order of their text.</param>
public sealed record AnnouncerSnapshot(
    AnnounceMode Mode, string? Self, bool IsDraining, string? Problem, ImmutableArray<VipSnapshot> Vips)
{
    /// <summary>Nothing is announced.</summary>
    public static readonly AnnouncerSnapshot None = new(AnnounceMode.None, null, IsDraining: false, null, []);

    /// <summary>With BGP, the neighbours.</summary>
    public ImmutableArray<RouteNeighbour> Neighbours { get; init; } = [];

    /// <summary>How many times this node took a VIP from another since it started.</summary>
    public long Takeovers { get; init; }
}

/// <summary>A VIP, and who answers for it.</summary>
/// <param name="Vip">The VIP.</param>
/// <param name="Holder">Where the node is that does; null when none is known.</param>
/// <param name="IsHere">It is this node.</param>
/// <param name="Term">Term of the claim; 0 where there are none.</param>
/// <param name="Since">Since when, as far as this node knows.</param>
/// <param name="By">By which interface or protocol; empty when it is not this node.</param>
/// <param name="Problem">What is wrong with it; null when nothing is.</param>
public sealed record VipSnapshot(
    IPAddress Vip, string? Holder, bool IsHere, long Term, DateTimeOffset Since, string By, string? Problem);

/// <summary>A neighbour that routes are told to.</summary>
/// <param name="Name">Its name in the config.</param>
/// <param name="Address">Its address.</param>
/// <param name="State">State of the session, as <c>Established</c>.</param>
/// <param name="IsUp">Routes get there.</param>
/// <param name="Bfd">State of BFD; null where it is not used.</param>
public sealed record RouteNeighbour(string Name, IPAddress Address, string State, bool IsUp, string? Bfd);

/// <summary>Where the announcer's latest word can be read from any thread.</summary>
public sealed class AnnouncerBoard
{
    private volatile AnnouncerSnapshot _current = AnnouncerSnapshot.None;

    /// <summary>The latest.</summary>
    public AnnouncerSnapshot Current
    {
        get => _current;
        internal set => _current = value;
    }
}
