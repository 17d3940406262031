using System.Collections.Immutable;
using System.Net;

namespace Lb.Actors;

/// <summary>Tells routers which VIPs can be reached by this node.</summary>
public interface IRouteSpeaker : IDisposable
{
    /// <summary>How it is going.</summary>
    RouteSpeakerState State { get; }

    /// <summary>Has routers told of these VIPs and of no others, as soon as it can be.</summary>
    void Announce(ImmutableHashSet<IPAddress> vips);
}

/// <summary>How a speaker is getting on.</summary>
/// <param name="Told">The VIPs that routers are told of; empty while nobody is told anything.</param>
/// <param name="Neighbours">Sessions with routers.</param>
/// <param name="Problem">Why nobody is told; null when that works.</param>
public sealed record RouteSpeakerState(
    ImmutableHashSet<IPAddress> Told, ImmutableArray<RouteNeighbour> Neighbours, string? Problem);
